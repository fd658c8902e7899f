package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What became of the Pods of a stage: who was removed although busy, who was removed without a
 * cordon, and where there were more than anybody wanted. Pure.
 *
 * @param events of one stage, in their order
 */
record PodStory(List<Event> events) {
  /** Notes how many Pods a pool's demand warrants from now on. */
  static final String WANTED = "wanted";

  /** Notes how many Pods a pool has in the end. */
  static final String PODS = "pods";

  /** Notes a pool's desiredReplicas in the end. */
  static final String DESIRED = "desired";

  /** Notes the UID of a Pod that somebody else deleted: no operator answers for it. */
  static final String STRANGER = "stranger";

  /** Notes how many workers are cordoned in the end. */
  static final String CORDONED_LEFT = "cordoned-left";

  PodStory {
    events = List.copyOf(events);
  }

  /** The pool of a Pod, by the Pod's name. */
  static String pool(String pod) {
    return pod.replaceFirst("-[^-]+-[0-9]+$", "");
  }

  /** Workers that were told to leave while they held tasks, and tasks that were lost. */
  List<String> busyRemoved() {
    var faults = new ArrayList<String>();
    Set<String> others = strangers();
    History.of(events, Event.PodLeaving.class)
        .filter(leaving -> leaving.held() > 0 && !others.contains(leaving.uid()))
        .forEach(
            leaving ->
                faults.add(
                    leaving.pod()
                        + " was asked to leave at "
                        + leaving.at().toMillis()
                        + " ms while it held "
                        + leaving.held()));
    History.of(events, Event.Lost.class)
        .filter(lost -> !others.contains(lost.incarnation()))
        .forEach(lost -> faults.add(lost.task() + " was lost with " + lost.worker()));
    return faults;
  }

  /** Pods whose worker was there and that operators deleted without the orchestrator's word. */
  List<String> removedWithoutCordon() {
    Set<String> connected = new HashSet<>();
    Set<String> warranted = strangers();
    var faults = new ArrayList<String>();
    for (Event event : events) {
      switch (event) {
        case Event.PodReady ready -> connected.add(ready.uid());
        case Event.Cordoned asked when asked.outcome().equals("CORDONED") ->
            warranted.add(asked.incarnation());
        case Event.PodLeaving leaving
            when connected.contains(leaving.uid()) && !warranted.contains(leaving.uid()) ->
            faults.add(leaving.pod() + " was removed without a cordon");
        default -> {}
      }
    }
    return faults;
  }

  private Set<String> strangers() {
    return History.of(events, Event.Noted.class)
        .filter(noted -> noted.what().equals(STRANGER))
        .map(Event.Noted::subject)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /**
   * Pods made although there were as many as any demand of the last {@code window} warranted; Pods
   * that leave do not count.
   */
  List<String> tooMany(Duration window) {
    Map<String, Set<String>> alive = new HashMap<>();
    Map<String, List<Event.Noted>> wanted = new HashMap<>();
    var faults = new ArrayList<String>();
    for (Event event : events) {
      switch (event) {
        case Event.Noted noted when noted.what().equals(WANTED) ->
            wanted.computeIfAbsent(noted.subject(), _ -> new ArrayList<>()).add(noted);
        case Event.PodLeaving(Duration _, String pod, String uid, int _) ->
            alive.getOrDefault(pool(pod), new HashSet<>()).remove(uid);
        case Event.PodGone(Duration _, String pod, String uid) ->
            alive.getOrDefault(pool(pod), new HashSet<>()).remove(uid);
        case Event.PodMade(Duration at, String pod, String uid) -> {
          var there = alive.computeIfAbsent(pool(pod), _ -> new HashSet<>());
          there.add(uid);
          long most = most(wanted.getOrDefault(pool(pod), List.of()), at.minus(window));
          if (there.size() > most) {
            faults.add(
                pod
                    + " was made at "
                    + at.toMillis()
                    + " ms as one of "
                    + there.size()
                    + " where "
                    + most
                    + " were wanted");
          }
        }
        default -> {}
      }
    }
    return faults;
  }

  /** The most that was wanted from then on, what was wanted then included. */
  private static long most(List<Event.Noted> wanted, Duration from) {
    long most = 0;
    for (int i = 0; i < wanted.size(); i++) {
      boolean inForce = i + 1 == wanted.size() || wanted.get(i + 1).at().compareTo(from) > 0;
      if (inForce) {
        most = Math.max(most, wanted.get(i).value());
      }
    }
    return most;
  }

  /** Requests of operators about Pods. */
  long asked(String verb, Predicate<Audit.Request> which) {
    return History.of(events, Event.Asked.class)
        .map(Event.Asked::request)
        .filter(request -> request.is(verb, "pods") && which.test(request))
        .count();
  }

  <E extends Event> int count(Class<E> kind) {
    return (int) History.of(events, kind).count();
  }

  /** The values noted under a name, by subject; the last one counts. */
  Map<String, Long> noted(String what) {
    Map<String, Long> values = new HashMap<>();
    History.of(events, Event.Noted.class)
        .filter(noted -> noted.what().equals(what))
        .forEach(noted -> values.put(noted.subject(), noted.value()));
    return values;
  }

  /**
   * Busy workers are not removed and idle ones after a cordon only, there are never more Pods than
   * wanted, and in the end as many.
   *
   * @param lag how long ago a demand may have been that still warrants a Pod
   */
  void judge(Duration lag, Findings.Book book) {
    book.figure("made", count(Event.PodMade.class))
        .expect(count(Event.PodMade.class) > 0, "no Pod was made")
        .figure("removed", count(Event.PodLeaving.class))
        .expect(count(Event.PodLeaving.class) > 0, "no Pod was removed");
    faults("busy_deleted", busyRemoved(), book);
    faults("without_cordon", removedWithoutCordon(), book);
    faults("double", tooMany(lag), book);
    ends(book);
  }

  private static void faults(String figure, List<String> faults, Findings.Book book) {
    book.figure(figure, faults.size());
    faults.forEach(fault -> book.expect(false, fault));
  }

  /** What there is in the end must be what was wanted last. */
  private void ends(Findings.Book book) {
    book.expect(!noted(PODS).isEmpty(), "nobody looked at the end");
    compare(noted(PODS), "Pods", book);
    compare(noted(DESIRED), "as desiredReplicas", book);
    long cordoned = noted(CORDONED_LEFT).getOrDefault("", -1L);
    book.figure("cordoned_left", cordoned)
        .expect(cordoned == 0, cordoned + " workers were left cordoned");
  }

  private void compare(Map<String, Long> found, String what, Findings.Book book) {
    found.forEach(
        (pool, count) ->
            book.expect(
                noted(WANTED).getOrDefault(pool, 0L).equals(count),
                pool
                    + " ended with "
                    + count
                    + " "
                    + what
                    + ", wanted "
                    + noted(WANTED).get(pool)));
  }
}
