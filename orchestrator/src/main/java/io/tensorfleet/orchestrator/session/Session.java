package io.tensorfleet.orchestrator.session;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.orchestrator.core.Offer;
import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.orchestrator.store.ClaimStore.Claimed;
import io.tensorfleet.orchestrator.store.ClaimStore.Target;
import io.tensorfleet.orchestrator.store.WorkerStore;
import io.tensorfleet.orchestrator.store.WorkerStore.Joined;
import io.tensorfleet.proto.v1.CancelLease;
import io.tensorfleet.proto.v1.Cordoned;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One worker's stream after its welcome: its credit, the leases it was sent, and the way to it.
 * Safe for any thread.
 */
public final class Session implements Recipient {
  private final Hello hello;
  private final Joined joined;
  private final Duration lease;
  private final StreamObserver<OrchestratorMessage> out;
  private final Map<TaskKey, LeaseToken> leases = new HashMap<>();
  private int credit;
  private boolean cordoned;
  private boolean draining;
  private boolean closed;
  private Runnable onEnd = () -> {};

  Session(Hello hello, Joined joined, Duration lease, StreamObserver<OrchestratorMessage> out) {
    this.hello = hello.toBuilder().clearHeld().build();
    this.joined = joined;
    this.lease = lease;
    this.out = out;
    this.cordoned = joined.cordoned();
  }

  public String workerId() {
    return hello.getWorkerId();
  }

  public long sessionNo() {
    return joined.sessionNo();
  }

  public long streamNo() {
    return joined.streamNo();
  }

  public List<String> queues() {
    return WorkerStore.queues(hello);
  }

  @Override
  public Target target() {
    return new Target(joined.sessionNo(), joined.streamNo(), false);
  }

  @Override
  public synchronized Optional<Offer> offer() {
    if (credit == 0 || cordoned || draining || closed) {
      return Optional.empty();
    }
    return Optional.of(
        new Offer(
            sessionNo(),
            credit,
            hello.getCapabilities(),
            hello.getLabelsMap(),
            Set.copyOf(queues())));
  }

  /** Never more than the worker's slots in all, whatever it asks for. */
  synchronized void addCredit(int slots) {
    if (!draining) {
      credit = Math.clamp((long) credit + slots, 0, hello.getSlots());
    }
  }

  synchronized void drain() {
    draining = true;
    credit = 0;
  }

  @Override
  public synchronized void deliver(List<Claimed> claimed) {
    credit -= Math.min(credit, claimed.size());
    claimed.forEach(one -> leases.put(one.key(), one.token()));
    LeaseMessages.of(claimed, lease).forEach(this::send);
  }

  synchronized void adopt(Map<LeaseToken, TaskKey> kept) {
    kept.forEach((token, key) -> leases.put(key, token));
  }

  /** Leases that have ended, whoever ended them. */
  synchronized void forget(Set<LeaseToken> ended) {
    leases.values().removeIf(ended::contains);
  }

  /** Tells the worker to stop what it runs of the job. */
  public synchronized void cancelJob(long jobNo, String reason) {
    List<TaskKey> stopped = leases.keySet().stream().filter(key -> key.jobNo() == jobNo).toList();
    stopped.forEach(key -> cancel(key, reason));
  }

  /** Tells the worker to stop the task if it runs it. */
  public synchronized void cancel(TaskKey key, String reason) {
    LeaseToken token = leases.remove(key);
    if (token != null) {
      CancelLease cancel = CancelLease.newBuilder().setToken(token).setReason(reason).build();
      send(OrchestratorMessage.newBuilder().setCancel(cancel).build());
    }
  }

  /** Whether that is news; the worker is told when it is. */
  public synchronized boolean cordoned(boolean now) {
    if (cordoned == now) {
      return false;
    }
    cordoned = now;
    send(
        OrchestratorMessage.newBuilder()
            .setCordoned(Cordoned.newBuilder().setCordoned(now))
            .build());
    return true;
  }

  synchronized void send(OrchestratorMessage message) {
    if (!closed) {
      try {
        out.onNext(message);
      } catch (IllegalStateException | io.grpc.StatusRuntimeException e) {
        closed = true;
      }
    }
  }

  /** The stream is gone: nothing more is sent. */
  synchronized void gone() {
    closed = true;
  }

  /** What to do when the stream is ended from this side. */
  synchronized void onEnd(Runnable action) {
    onEnd = action;
    if (closed) {
      action.run();
    }
  }

  /** Ends the stream with a reason. */
  public synchronized void end(Status status) {
    if (!closed) {
      closed = true;
      onEnd.run();
      try {
        out.onError(status.asRuntimeException());
      } catch (IllegalStateException e) {
        // it had ended already
      }
    }
  }
}
