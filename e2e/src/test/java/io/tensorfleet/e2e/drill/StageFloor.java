package io.tensorfleet.e2e.drill;

import io.tensorfleet.proto.v1.CordonRequest;
import io.tensorfleet.proto.v1.CordonResponse;
import io.tensorfleet.proto.v1.CordonResponse.Outcome;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.TaskClass;
import io.tensorfleet.proto.v1.WorkerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What waits on a stage and who works there, under one lock: a cordon and a lease never cross.
 * Calls nobody but its listener, which must only hand over.
 */
final class StageFloor {
  /** Told of each task that a worker has taken, and of every change. */
  interface Listener {
    void taken(String task, StageWork work);

    void changed();
  }

  private static final class Place {
    private final StageWorker worker;
    private final Set<String> tasks = new LinkedHashSet<>();
    private boolean cordoned;
    private boolean draining;

    Place(StageWorker worker) {
      this.worker = worker;
    }

    boolean free() {
      return !cordoned && !draining && tasks.size() < worker.slots();
    }

    WorkerState state() {
      return worker
          .state()
          .setBusy(tasks.size())
          .addAllTaskIds(tasks)
          .setCordoned(cordoned)
          .setDraining(draining)
          .build();
    }
  }

  private final History history;
  private final Listener listener;
  private final Random random = new Random(1);
  private final Map<StageWork, Deque<String>> waiting = new LinkedHashMap<>();
  private final Map<String, StageWork> running = new LinkedHashMap<>();
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Set<String> leaving = new HashSet<>();
  private long tasks;
  private long version;

  StageFloor(History history, Listener listener) {
    this.history = history;
    this.listener = listener;
  }

  synchronized void submit(StageWork work, int count) {
    var queue = waiting.computeIfAbsent(work, _ -> new ArrayDeque<>());
    for (int i = 0; i < count; i++) {
      queue.add("task-" + ++tasks);
    }
    changed();
  }

  /** Withdraws what waits of these kinds. */
  synchronized void withdraw(Predicate<StageWork> which) {
    waiting.keySet().removeIf(which);
    changed();
  }

  /** Withdraws what waits in a queue, then ends what runs longest, until so many tasks are left. */
  synchronized void reduce(String queue, int left) {
    Predicate<StageWork> here = work -> work.queue().equals(queue);
    long over = running.values().stream().filter(here).count() - left;
    for (var entry : waiting.entrySet()) {
      if (here.test(entry.getKey())) {
        over += entry.getValue().size();
        for (; over > 0 && !entry.getValue().isEmpty(); over--) {
          entry.getValue().pollLast();
        }
      }
    }
    oldest(here, (int) Math.max(0, over)).forEach(this::finish);
    changed();
  }

  /** The tasks of these kinds that run and have been so longest. */
  synchronized List<String> oldest(Predicate<StageWork> which, int count) {
    return running.entrySet().stream()
        .filter(entry -> which.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .limit(count)
        .toList();
  }

  synchronized void finish(String task) {
    if (running.remove(task) == null) {
      return;
    }
    for (Place place : places.values()) {
      if (place.tasks.remove(task)) {
        history.add(
            new Event.Done(history.now(), place.worker.id(), place.worker.incarnation(), task));
      }
    }
    changed();
  }

  /** A worker connects, unless its Pod was asked to leave before; whether it does. */
  synchronized boolean arrive(StageWorker worker) {
    if (leaving.contains(worker.incarnation())) {
      return false;
    }
    places.put(worker.incarnation(), new Place(worker));
    changed();
    return true;
  }

  /** The worker takes no more; how many tasks it holds. */
  synchronized int drain(String incarnation) {
    leaving.add(incarnation);
    Place place = places.get(incarnation);
    if (place == null) {
      return 0;
    }
    place.draining = true;
    changed();
    return place.tasks.size();
  }

  synchronized int held(String incarnation) {
    return Optional.ofNullable(places.get(incarnation)).map(place -> place.tasks.size()).orElse(0);
  }

  /** The worker is gone; what it held waits anew. */
  synchronized void vanish(String incarnation) {
    leaving.add(incarnation);
    Place place = places.remove(incarnation);
    if (place == null) {
      return;
    }
    for (String task : place.tasks) {
      StageWork work = running.remove(task);
      history.add(new Event.Lost(history.now(), place.worker.id(), incarnation, task));
      waiting.computeIfAbsent(work, _ -> new ArrayDeque<>()).addFirst(task);
    }
    changed();
  }

  synchronized int waiting() {
    return waiting.values().stream().mapToInt(Deque::size).sum();
  }

  synchronized int running() {
    return running.size();
  }

  synchronized CordonResponse cordon(CordonRequest request) {
    var found = find(request.getWorkerId(), request.getIncarnation());
    Outcome outcome =
        found
            .map(
                place ->
                    request.getOnlyIfIdle() && !place.tasks.isEmpty()
                        ? Outcome.OUTCOME_BUSY
                        : Outcome.OUTCOME_CORDONED)
            .orElse(Outcome.OUTCOME_UNKNOWN);
    var answer = CordonResponse.newBuilder().setOutcome(outcome);
    found.ifPresent(
        place -> {
          place.cordoned |= outcome == Outcome.OUTCOME_CORDONED;
          answer.setIncarnation(place.worker.incarnation()).setBusy(place.tasks.size());
        });
    history.add(
        new Event.Cordoned(
            history.now(),
            request.getWorkerId(),
            answer.getIncarnation(),
            outcome.name().replace("OUTCOME_", "")));
    changed();
    return answer.build();
  }

  synchronized boolean uncordon(String worker, String incarnation) {
    var found = find(worker, incarnation);
    found.ifPresent(place -> place.cordoned = false);
    history.add(new Event.Uncordoned(history.now(), worker, found.isPresent()));
    changed();
    return found.isPresent();
  }

  private Optional<Place> find(String worker, String incarnation) {
    return places.values().stream()
        .filter(place -> place.worker.id().equals(worker))
        .filter(place -> incarnation.isEmpty() || place.worker.incarnation().equals(incarnation))
        .reduce((_, later) -> later);
  }

  /** The whole state of one queue. */
  synchronized QueueSnapshot snapshot(String queue) {
    Predicate<StageWork> here = work -> work.queue().equals(queue);
    var snapshot = QueueSnapshot.newBuilder().setQueue(queue).setVersion(++version);
    var kinds = new LinkedHashSet<>(waiting.keySet());
    kinds.addAll(running.values());
    kinds.stream().filter(here).map(this::kind).forEach(snapshot::addClasses);
    places.values().stream()
        .filter(place -> place.worker.queue().equals(queue))
        .map(Place::state)
        .forEach(snapshot::addWorkers);
    return snapshot
        .setWaiting(snapshot.getClassesList().stream().mapToLong(TaskClass::getWaiting).sum())
        .setRunning(snapshot.getClassesList().stream().mapToLong(TaskClass::getRunning).sum())
        .build();
  }

  private TaskClass kind(StageWork work) {
    return TaskClass.newBuilder()
        .setModelType(work.modelType())
        .setRequires(work.requires())
        .setWaiting(Optional.ofNullable(waiting.get(work)).map(Deque::size).orElse(0))
        .setRunning(running.values().stream().filter(work::equals).count())
        .build();
  }

  synchronized List<WorkerState> workers() {
    return places.values().stream().map(Place::state).toList();
  }

  private void changed() {
    var free = new ArrayList<>(places.values().stream().filter(Place::free).toList());
    Collections.shuffle(free, random);
    free.forEach(this::fill);
    waiting.values().removeIf(Deque::isEmpty);
    listener.changed();
  }

  private void fill(Place place) {
    waiting.forEach(
        (work, queue) -> {
          while (place.free() && place.worker.canDo(work) && !queue.isEmpty()) {
            take(place, work, queue.poll());
          }
        });
  }

  private void take(Place place, StageWork work, String task) {
    place.tasks.add(task);
    running.put(task, work);
    history.add(
        new Event.Taken(history.now(), place.worker.id(), place.worker.incarnation(), task));
    listener.taken(task, work);
  }
}
