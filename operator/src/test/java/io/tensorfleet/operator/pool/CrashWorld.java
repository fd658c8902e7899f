package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.api.PodRef;
import io.tensorfleet.operator.api.PodWriter;
import io.tensorfleet.operator.api.PoolWriter;
import io.tensorfleet.operator.queue.Cordons;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An API server and an orchestrator with workers of one slot, whose caller dies at the n-th write,
 * before or after it came through.
 */
final class CrashWorld implements PodWriter, PoolWriter, Cordons {
  /** The operator's process is gone. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final Map<String, Pod> pods = new TreeMap<>();
  private final Map<String, String> busy = new TreeMap<>();
  private final Set<String> cordoned = new HashSet<>();
  private final Map<String, String> told = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private Optional<WorkerPoolStatus> status = Optional.empty();
  private int tasks;
  private int made;
  private int writes;
  private int left = Integer.MAX_VALUE;
  private boolean comesThrough;
  private boolean dead;

  /** From now on the n-th write is the last of this process. */
  synchronized void dieAt(int write, boolean afterIt) {
    left = write;
    comesThrough = afterIt;
  }

  /** A new process; true when the one before has died. */
  synchronized boolean restart() {
    boolean died = dead;
    dead = false;
    left = died ? Integer.MAX_VALUE : left;
    return died;
  }

  private synchronized <T> T write(Supplier<T> deed) {
    if (dead) {
      throw new Crash();
    }
    writes++;
    left--;
    if (left > 0) {
      return deed.get();
    }
    dead = true;
    if (comesThrough) {
      var _ = deed.get();
    }
    throw new Crash();
  }

  /** So many tasks wait or run; workers that have none take them, and those too many end. */
  synchronized void tasks(int wanted) {
    tasks = wanted;
    while (busy.size() > wanted) {
      busy.remove(busy.keySet().iterator().next());
    }
  }

  /** Pods start, workers take tasks. */
  synchronized void goOn() {
    pods.values().forEach(CrashWorld::ready);
    for (Pod pod : pods.values()) {
      String uid = pod.getMetadata().getUid();
      if (busy.size() < tasks && !cordoned.contains(uid) && !busy.containsKey(uid)) {
        busy.put(uid, "task");
      }
    }
  }

  private static void ready(Pod pod) {
    pod.setStatus(
        new PodStatusBuilder()
            .withPhase("Running")
            .withConditions(new PodConditionBuilder().withType("Ready").withStatus("True").build())
            .build());
  }

  synchronized QueueReading queue(Instant now) {
    var snapshot = QueueSnapshot.newBuilder().setQueue("default");
    snapshot.setWaiting(tasks - busy.size()).setRunning(busy.size());
    for (Pod pod : pods.values()) {
      if (pod.getStatus() != null) {
        snapshot.addWorkers(worker(pod));
      }
    }
    return new QueueReading.Known(snapshot.build(), now);
  }

  private WorkerState worker(Pod pod) {
    String uid = pod.getMetadata().getUid();
    return WorkerState.newBuilder()
        .setWorkerId(pod.getMetadata().getName())
        .setIncarnation(uid)
        .setSlots(1)
        .setBusy(busy.containsKey(uid) ? 1 : 0)
        .setCordoned(cordoned.contains(uid))
        .build();
  }

  synchronized List<Pod> pods() {
    return List.copyOf(pods.values());
  }

  synchronized Optional<WorkerPoolStatus> status() {
    return status;
  }

  synchronized long cordonedLeft() {
    return pods.values().stream()
        .filter(pod -> cordoned.contains(pod.getMetadata().getUid()))
        .count();
  }

  /** Pods made so far. */
  synchronized int made() {
    return made;
  }

  synchronized int writes() {
    return writes;
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  /** The texts of all events. */
  synchronized List<String> told() {
    return List.copyOf(told.values());
  }

  @Override
  public Created create(Pod wanted) {
    return write(
        () -> {
          Pod there = pods.get(wanted.getMetadata().getName());
          if (there != null) {
            return new Created.WasThere(there);
          }
          wanted.getMetadata().setUid("uid-" + ++made);
          wanted.getMetadata().setResourceVersion("1");
          wanted.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
          pods.put(wanted.getMetadata().getName(), wanted);
          return new Created.Done(wanted);
        });
  }

  @Override
  public Deleted delete(PodRef ref) {
    return write(
        () -> {
          Pod there = pods.get(ref.name());
          if (there == null || !ref.uid().equals(there.getMetadata().getUid())) {
            return new Deleted.Gone();
          }
          if (busy.remove(ref.uid()) != null) {
            faults.add(ref.name() + " was deleted while it was busy");
          }
          if (!cordoned.contains(ref.uid()) && there.getStatus() != null) {
            faults.add(ref.name() + " was deleted without a cordon");
          }
          pods.remove(ref.name());
          return new Deleted.Done();
        });
  }

  @Override
  public synchronized Optional<Pod> find(String namespace, String name) {
    return Optional.ofNullable(pods.get(name));
  }

  @Override
  public Annotated annotate(PodRef pod, Map<String, @Nullable String> annotations) {
    return new Annotated.Gone();
  }

  @Override
  public Optional<String> status(WorkerPool pool, WorkerPoolStatus next) {
    return write(
        () -> {
          status = Optional.of(next);
          return Optional.empty();
        });
  }

  @Override
  public void event(Event event) {
    var _ = write(() -> told.putIfAbsent(event.getMetadata().getName(), event.getNote()));
  }

  @Override
  public Answer cordonIfIdle(String address, String worker, String incarnation, String reason) {
    return write(
        () -> {
          Pod pod = pods.get(worker);
          if (pod == null || pod.getStatus() == null) {
            return new Answer.Unknown();
          }
          String uid = pod.getMetadata().getUid();
          if (busy.containsKey(uid)) {
            return new Answer.Busy(1);
          }
          cordoned.add(uid);
          return new Answer.Cordoned(uid);
        });
  }

  @Override
  public Answer cordon(String address, String worker, String incarnation, String reason) {
    throw new UnsupportedOperationException("there is no update here");
  }

  @Override
  public Lifted uncordon(String address, String worker, String incarnation) {
    return write(() -> cordoned.remove(incarnation) ? Lifted.DONE : Lifted.UNKNOWN);
  }
}
