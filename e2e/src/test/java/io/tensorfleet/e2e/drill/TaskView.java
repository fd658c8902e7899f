package io.tensorfleet.e2e.drill;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a history says of tasks. */
final class TaskView {
  private TaskView() {}

  /** Tasks that were acknowledged and did not complete. */
  static long lost(List<Event> events) {
    Set<String> completed = new HashSet<>();
    History.of(events, Event.Ended.class)
        .filter(e -> e.state().equals("COMPLETED"))
        .forEach(e -> completed.add(e.task()));
    return History.of(events, Event.Submitted.class)
        .filter(e -> !completed.contains(e.task()))
        .count();
  }

  /** Tasks that were leased more than once. */
  static long runAgain(List<Event> events) {
    Map<String, Set<Long>> fences = new HashMap<>();
    History.of(events, Event.Leased.class)
        .map(Event.Leased::token)
        .forEach(t -> fences.computeIfAbsent(t.task(), _ -> new HashSet<>()).add(t.fence()));
    return fences.values().stream().filter(of -> of.size() > 1).count();
  }

  /** Ends that were accepted as completed beyond the first of each task. */
  static long acceptedTwice(List<Event> events) {
    Set<Event.Token> completed = new HashSet<>();
    History.of(events, Event.Reported.class)
        .filter(e -> e.outcome().equals("COMPLETED"))
        .forEach(e -> completed.add(e.token()));
    Set<Event.Token> accepted = new HashSet<>();
    History.of(events, Event.Judged.class)
        .filter(e -> e.accepted() && completed.contains(e.token()))
        .forEach(e -> accepted.add(e.token()));
    return accepted.size() - accepted.stream().map(Event.Token::task).distinct().count();
  }

  /** The newest lease of a task that had gone out by then. */
  static Optional<Event.Leased> newest(List<Event> events, String task, java.time.Duration by) {
    return History.of(events, Event.Leased.class)
        .filter(e -> e.token().task().equals(task) && e.at().compareTo(by) <= 0)
        .max(java.util.Comparator.comparingLong(e -> e.token().fence()));
  }
}
