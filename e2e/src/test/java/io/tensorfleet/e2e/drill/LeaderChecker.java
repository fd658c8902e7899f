package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Judges, by what the API server wrote down, whether only the holder of the Lease acted, and how
 * soon another one did after it was gone. A write counts however it was answered: it has left.
 *
 * @param takeover the longest time without anybody acting after the leader is killed or paused
 * @param handOver the same, after it is asked to end
 */
record LeaderChecker(Duration takeover, Duration handOver) {
  static final String LEASE = "tensorfleet-operator";

  /** From when on the operator of this user held the Lease. */
  private record Reign(String user, Instant since) {}

  /**
   * @param lint what promtool's linter said of the metrics of the last leader
   */
  Findings check(List<Audit.Request> requests, List<LeaderAction> actions, String lint) {
    var inOrder =
        requests.stream()
            .filter(Audit.Request::byOperator)
            .filter(Audit.Request::isWrite)
            .sorted(Comparator.comparing(Audit.Request::time))
            .toList();
    List<Reign> reigns = reigns(inOrder);
    var book = new Findings.Book();
    atOnce(inOrder, reigns, actions, book);
    for (LeaderAction.Kind kind :
        List.of(LeaderAction.Kind.KILL, LeaderAction.Kind.STOP, LeaderAction.Kind.TERM)) {
      changes(kind, inOrder, actions, book);
    }
    return book.expect(lint.isEmpty(), "promtool says: " + lint).close();
  }

  private static List<Reign> reigns(List<Audit.Request> writes) {
    List<Reign> reigns = new ArrayList<>();
    for (Audit.Request write : writes) {
      if (isLease(write)
          && write.accepted()
          && (reigns.isEmpty() || !reigns.getLast().user().equals(write.user()))) {
        reigns.add(new Reign(write.user(), write.time()));
      }
    }
    return reigns;
  }

  private static void atOnce(
      List<Audit.Request> writes,
      List<Reign> reigns,
      List<LeaderAction> actions,
      Findings.Book book) {
    List<Audit.Request> acts = writes.stream().filter(w -> !isLease(w)).toList();
    List<Audit.Request> wrong = acts.stream().filter(w -> !holds(w, reigns)).toList();
    long afterPause = wrong.stream().filter(w -> wasPaused(w, actions)).count();
    book.figure("reigns", reigns.size())
        .figure("writes", acts.size())
        .figure("acted_at_once", wrong.size())
        .figure("written_after_a_pause", afterPause)
        .expect(acts.size() >= reigns.size(), "there were hardly any writes: nothing was tried");
    for (Audit.Request write : wrong) {
      book.expect(false, "without the Lease: " + write);
    }
  }

  private static boolean holds(Audit.Request write, List<Reign> reigns) {
    return reigns.stream()
        .filter(reign -> !reign.since().isAfter(write.time()))
        .reduce((_, later) -> later)
        .filter(reign -> reign.user().equals(write.user()))
        .isPresent();
  }

  private static boolean wasPaused(Audit.Request write, List<LeaderAction> actions) {
    return actions.stream()
        .anyMatch(
            a ->
                a.kind() == LeaderAction.Kind.CONT
                    && write.user().endsWith(":" + a.operator())
                    && !write.time().isBefore(a.time()));
  }

  private void changes(
      LeaderAction.Kind kind,
      List<Audit.Request> writes,
      List<LeaderAction> actions,
      Findings.Book book) {
    Duration limit = kind == LeaderAction.Kind.TERM ? handOver : takeover;
    List<Duration> gaps = new ArrayList<>();
    for (LeaderAction action : actions.stream().filter(a -> a.kind() == kind).toList()) {
      Optional<Duration> gap = nextActs(action, writes);
      gap.ifPresent(gaps::add);
      book.expect(
          gap.filter(g -> g.compareTo(limit) <= 0).isPresent(),
          "after "
              + kind
              + " of "
              + action.operator()
              + " another one acted "
              + gap.map(g -> "only after " + g.toMillis() + " ms").orElse("never"));
    }
    String name = kind.name().toLowerCase(java.util.Locale.ROOT);
    book.figure(name, gaps.size());
    Stream.of(gaps)
        .filter(all -> !all.isEmpty())
        .forEach(
            all -> {
              List<Duration> sorted = all.stream().sorted().toList();
              book.figure(name + "_gap_p50_ms", sorted.get(sorted.size() / 2).toMillis())
                  .figure(name + "_gap_max_ms", sorted.getLast().toMillis());
            });
  }

  /** How long after the action somebody else first acted. */
  private static Optional<Duration> nextActs(LeaderAction action, List<Audit.Request> writes) {
    return writes.stream()
        .filter(w -> !isLease(w) && w.accepted() && w.time().isAfter(action.time()))
        .filter(w -> !w.user().endsWith(":" + action.operator()))
        .findFirst()
        .map(w -> Duration.between(action.time(), w.time()));
  }

  private static boolean isLease(Audit.Request request) {
    return request.resource().equals("leases") && request.name().equals(LEASE);
  }
}
