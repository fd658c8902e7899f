package io.tensorfleet.worker.session;

import io.grpc.Status;
import io.tensorfleet.proto.orchestrator.HeartbeatRequest;
import io.tensorfleet.proto.orchestrator.WorkerCapabilities;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.worker.core.DrainState;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.core.WorkerStatus;
import io.tensorfleet.worker.polling.Host;
import io.tensorfleet.worker.polling.PollParts;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the worker's facts in step with polling, and says once which wire the orchestrator has. */
final class EarlierHost implements Host {
  private static final Logger LOG = LoggerFactory.getLogger(EarlierHost.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(30);

  private final SessionParts parts;
  private final Drainer drainer;
  private final Runnable changed;
  private final Consumer<Status> broken;
  private boolean said;

  EarlierHost(SessionParts parts, Drainer drainer, Runnable changed, Consumer<Status> broken) {
    this.parts = parts;
    this.drainer = drainer;
    this.changed = changed;
    this.broken = broken;
  }

  static PollParts parts(SessionParts parts) {
    SessionParts.Ground ground = parts.ground();
    SessionParts.Settings settings = parts.settings();
    return new PollParts(
        new PollParts.Who(
            settings.hello().getWorkerId(),
            capabilities(settings.hello()),
            settings.taskTimeout(),
            settings.heartbeatInterval().orElse(HEARTBEAT)),
        parts.slots(),
        parts.runner(),
        parts.connector(),
        new PollParts.Ground(ground.nanos(), ground.random(), ground.loop()));
  }

  private static WorkerCapabilities capabilities(Hello hello) {
    long gigabytes = (hello.getCapabilities().getMemoryBytes() + (1L << 29)) >> 30;
    return WorkerCapabilities.newBuilder()
        .setCpuCores(hello.getCapabilities().getCpuCores())
        .setMemoryGb(Math.clamp(gigabytes, 1, Integer.MAX_VALUE))
        .setGpuCount(hello.getCapabilities().getGpuCount())
        .setMaxTasks(hello.getSlots())
        .build();
  }

  /** The orchestrator speaks the Work stream; the next one that does not is worth a line again. */
  void newer() {
    said = false;
  }

  @Override
  public void polls(String registration) {
    parts.facts().connected(Facts.Wire.OLD);
    answered();
    if (!said) {
      said = true;
      LOG.info(
          "the orchestrator does not know the Work stream (UNIMPLEMENTED): it speaks the old wire;"
              + " RegisterWorker: {}; polling AssignTask with {} slots",
          registration,
          parts.slots().size());
    } else {
      LOG.debug("polling again; RegisterWorker: {}", registration);
    }
  }

  @Override
  public void answered() {
    parts.facts().answered(parts.ground().wall().instant());
  }

  @Override
  public void broken(Status status) {
    broken.accept(status);
  }

  @Override
  public void changed() {
    changed.run();
  }

  @Override
  public HeartbeatRequest.Builder heartbeat() {
    Facts facts = parts.facts();
    Usage usage = parts.ground().usage().get();
    facts.heartbeatSent(parts.ground().wall().instant());
    return HeartbeatRequest.newBuilder()
        .setStatus(WorkerStatus.of(facts.drain(), facts.active(), facts.connection()).name())
        .setActiveTasks(facts.active())
        .setCompletedTasks((int) Math.min(Integer.MAX_VALUE, facts.completed()))
        .setCpuUsage(usage.cpuPercent())
        .setMemoryUsage(usage.memoryBytes());
  }

  @Override
  public void heartbeatFailed() {
    parts.facts().heartbeatFailed();
  }

  @Override
  public DrainState drain() {
    return drainer.state();
  }
}
