package io.tensorfleet.local.node;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one Pod in a thread of its own: sees, lets {@link PodLife} decide, acts, writes the
 * status.
 */
final class PodAgent {
  private static final Logger LOG = LoggerFactory.getLogger(PodAgent.class);
  private static final Duration WRITE_AGAIN = Duration.ofSeconds(1);

  private final Hands hands;
  private final PodProcess process;
  private final String address;
  private final Instant acceptedAt;
  private final Semaphore changes = new Semaphore(0);
  private final Thread thread;

  private volatile Pod pod;
  private volatile boolean gone;
  private volatile Optional<Duration> stopWithin = Optional.empty();

  private PodLife.Memory memory;
  private @Nullable PodStatus written;

  /** What the agents of a node act with. */
  record Hands(PodApi api, PodProcess.Surroundings surroundings, Consumer<NodeEvent> events) {}

  PodAgent(Pod pod, String address, Hands hands) {
    this.pod = pod;
    this.address = address;
    this.hands = hands;
    this.acceptedAt = hands.surroundings().clock().instant();
    this.process = new PodProcess(pod, address, hands.surroundings(), this::wake);
    this.memory = remembered(pod, acceptedAt);
    this.thread =
        Thread.ofVirtual().name("pod-" + pod.getMetadata().getName()).unstarted(this::run);
  }

  /** Begins; {@code atEnd} runs when nothing is left of the Pod. */
  void start(Runnable atEnd) {
    Thread.ofVirtual()
        .name("end-" + pod.getMetadata().getName())
        .start(
            () -> {
              thread.start();
              join();
              atEnd.run();
            });
  }

  String name() {
    return pod.getMetadata().getName();
  }

  void update(Pod newer) {
    pod = newer;
    wake();
  }

  /** The API server has no such Pod any more. */
  void removed(Pod last) {
    pod = last;
    gone = true;
    wake();
  }

  /** The node closes: the program gets its grace, but no longer than {@code limit}. */
  void stop(Duration limit) {
    stopWithin = Optional.of(limit);
    wake();
  }

  void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean kill() {
    return process.kill();
  }

  private void wake() {
    changes.release();
  }

  private void run() {
    boolean more = true;
    while (more) {
      try {
        more = turn();
      } catch (InterruptedException e) {
        process.kill();
        return;
      } catch (KubernetesClientException e) {
        LOG.warn("Pod {}: the API server could not be asked: {}", name(), e.getMessage());
        more = pause();
      }
    }
  }

  private boolean pause() {
    try {
      await(Optional.of(WRITE_AGAIN));
      return true;
    } catch (InterruptedException e) {
      process.kill();
      return false;
    }
  }

  /** One look and what follows. Returns false when the Pod is done with. */
  private boolean turn() throws InterruptedException {
    changes.drainPermits();
    Instant now = hands.surroundings().clock().instant();
    PodLife.Step step = PodLife.next(plan(), memory, seen(now));
    boolean acted = act(step);
    memory = step.memory();
    if (step.action() == PodLife.Action.FORGET) {
      forget(step, now);
      return false;
    }
    if (!acted) {
      write(step, now);
      await(step.wakeAt().map(at -> Duration.between(now, at)));
    }
    return true;
  }

  private PodPlan plan() {
    PodPlan plan = Containers.plan(pod, hands.surroundings().options().backOff());
    Duration grace =
        stopWithin.filter(limit -> limit.compareTo(plan.grace()) < 0).orElse(plan.grace());
    return new PodPlan(
        plan.restart(), grace, plan.startupProbe(), plan.readinessProbe(), plan.backOff());
  }

  private PodLife.Seen seen(Instant now) {
    boolean deleting =
        gone || stopWithin.isPresent() || pod.getMetadata().getDeletionTimestamp() != null;
    Run before = process.run();
    Run run = process.look();
    if (run instanceof Run.Ended ended && !run.equals(before)) {
      LOG.info("Pod {}: its program ended with exit code {}", name(), ended.exitCode());
      hands.events().accept(new NodeEvent.Ended(name(), ended.exitCode(), ended.at()));
    }
    return new PodLife.Seen(run, process.probes(), deleting, now);
  }

  /** Returns whether the world may have changed by it, so that one should look again at once. */
  private boolean act(PodLife.Step step) {
    switch (step.action()) {
      case START -> {
        process.start(pod);
        told(step.memory().restarts());
        return true;
      }
      case TERMINATE -> process.terminate();
      case KILL -> process.kill();
      case NOTHING, FORGET -> {}
    }
    return false;
  }

  private void told(int restarts) {
    Instant now = hands.surroundings().clock().instant();
    switch (process.run()) {
      case Run.Running(long pid, Instant since) -> {
        LOG.info("Pod {}: started process {} on {}", name(), pid, address);
        hands.events().accept(new NodeEvent.Started(name(), pid, restarts, since));
      }
      case Run.Impossible(String reason, String message) -> {
        LOG.warn("Pod {}: {}: {}", name(), reason, message);
        hands.events().accept(new NodeEvent.Refused(name(), reason, message, now));
      }
      default -> {}
    }
  }

  private void forget(PodLife.Step step, Instant now) {
    if (step.view() instanceof PodLife.View.Terminated) {
      write(step, now);
    }
    if (!gone) {
      hands.api().forget(pod);
    }
  }

  private void write(PodLife.Step step, Instant now) {
    if (gone) {
      return;
    }
    var frame =
        new PodStatuses.Frame(
            Containers.worker(pod).getName(),
            Containers.worker(pod).getImage(),
            address,
            acceptedAt,
            Optional.ofNullable(written)
                .or(() -> Optional.ofNullable(pod.getStatus()))
                .map(PodStatus::getConditions)
                .orElse(List.of()));
    PodStatus status = PodStatuses.of(frame, step, now);
    if (!status.equals(written)) {
      boolean there = hands.api().writeStatus(pod, status);
      written = status;
      if (!there) {
        gone = true;
        wake();
      }
    }
  }

  private void await(Optional<Duration> limit) throws InterruptedException {
    if (limit.isEmpty()) {
      changes.acquire();
    } else {
      var _ = changes.tryAcquire(Math.max(1, limit.get().toMillis()), TimeUnit.MILLISECONDS);
    }
  }

  /**
   * A Pod that says it runs, but was just taken: the process that ran it has crashed with its node.
   */
  private static PodLife.Memory remembered(Pod pod, Instant now) {
    return Optional.ofNullable(pod.getStatus())
        .filter(status -> "Running".equals(status.getPhase()))
        .flatMap(status -> status.getContainerStatuses().stream().findFirst())
        .map(ContainerStatus::getRestartCount)
        .map(restarts -> PodLife.Memory.afterNodeCrash(restarts, PodProcess.lostRun(now)))
        .orElse(PodLife.Memory.NONE);
  }
}
