package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a history says of one worker. */
record WorkerView(String worker, List<Event> events) {
  /** Later than anything that happened: where what should have happened did not. */
  static final Duration NEVER = Duration.ofDays(1);

  /** When it got the signal of this name for the n-th time, from 0. */
  Duration signalled(String signal, int nth) {
    return History.of(events, Event.Signalled.class)
        .filter(e -> e.worker().equals(worker) && e.signal().equals(signal))
        .skip(nth)
        .findFirst()
        .map(Event.Signalled::at)
        .orElse(NEVER);
  }

  Stream<Event.Leased> leases() {
    return History.of(events, Event.Leased.class).filter(e -> e.worker().equals(worker));
  }

  /** Leases that it had got by then and whose end nobody had judged. */
  Set<Event.Token> leasedBefore(Duration moment) {
    Set<Event.Token> judged =
        judged()
            .filter(j -> j.at().compareTo(moment) <= 0)
            .map(Event.Judged::token)
            .collect(Collectors.toSet());
    return leases()
        .filter(l -> l.at().compareTo(moment) <= 0)
        .map(Event.Leased::token)
        .filter(token -> !judged.contains(token))
        .collect(Collectors.toSet());
  }

  Stream<Event.Judged> judged() {
    return History.of(events, Event.Judged.class).filter(e -> e.worker().equals(worker));
  }

  /** Leases whose end, told with this outcome, was accepted. */
  Set<Event.Token> accepted(String outcome) {
    Set<Event.Token> accepted =
        judged()
            .filter(Event.Judged::accepted)
            .map(Event.Judged::token)
            .collect(Collectors.toSet());
    return History.of(events, Event.Reported.class)
        .filter(e -> e.worker().equals(worker) && e.outcome().equals(outcome))
        .map(Event.Reported::token)
        .filter(accepted::contains)
        .collect(Collectors.toSet());
  }

  Set<Event.Token> returned() {
    return History.of(events, Event.Returned.class)
        .filter(e -> e.worker().equals(worker))
        .map(Event.Returned::token)
        .collect(Collectors.toSet());
  }

  /** When the last of these was judged. */
  Duration lastJudged(Set<Event.Token> tokens) {
    return judged()
        .filter(j -> tokens.contains(j.token()))
        .map(Event.Judged::at)
        .max(Duration::compareTo)
        .orElse(NEVER);
  }

  /** Its heartbeats from the last one before {@code from} to {@code to}. */
  List<Duration> beatsAround(Duration from, Duration to) {
    List<Duration> beats = new ArrayList<>();
    History.of(events, Event.Beat.class)
        .filter(e -> e.worker().equals(worker) && e.at().compareTo(to) <= 0)
        .map(Event.Beat::at)
        .sorted()
        .forEach(
            at -> {
              if (at.compareTo(from) <= 0) {
                beats.clear();
              }
              beats.add(at);
            });
    return beats;
  }

  Duration heartbeatInterval() {
    return History.of(events, Event.Welcomed.class)
        .filter(e -> e.worker().equals(worker))
        .map(Event.Welcomed::heartbeatInterval)
        .findFirst()
        .orElse(Duration.ZERO);
  }

  Optional<Event.Exited> exit() {
    return History.of(events, Event.Exited.class)
        .filter(e -> e.worker().equals(worker))
        .findFirst();
  }
}
