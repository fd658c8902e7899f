package io.tensorfleet.operator.policy;

import io.tensorfleet.operator.policy.PodPhase.Blocked;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.PodPhase.Finished;
import io.tensorfleet.operator.policy.PodPhase.Terminating;
import io.tensorfleet.operator.policy.ScalePlan.Note;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What keeps the Pods of a pool from serving, in words: each cause with how many there are and one
 * of them as the example, the gravest first.
 */
record Troubles(List<Note> grave, List<String> mild) {
  static Troubles of(PoolView view) {
    Map<Cause, List<PodView>> blocked = new EnumMap<>(Cause.class);
    List<PodView> ended = new ArrayList<>();
    List<PodView> overdue = new ArrayList<>();
    for (PodView pod : view.pods()) {
      switch (pod.phase()) {
        case Blocked(Cause cause, Instant _, String _) ->
            blocked.computeIfAbsent(cause, _ -> new ArrayList<>()).add(pod);
        case Finished finished when !finished.served() -> ended.add(pod);
        case Terminating leaving when leaving.stuck(view.now()) -> overdue.add(pod);
        default -> {}
      }
    }
    var troubles = new Troubles(new ArrayList<>(), new ArrayList<>());
    blocked.forEach((cause, pods) -> troubles.sort(cause, pods, view.now()));
    troubles.note("PodsEndEarly", ended, "ended at once");
    troubles.note("PodsStuckTerminating", overdue, "should be gone by now");
    return troubles;
  }

  /** What is wrong; empty where nothing is, or it has not lasted yet. */
  Optional<Note> degraded() {
    return grave.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Note(
                grave.getFirst().reason(),
                grave.stream().map(Note::message).collect(Collectors.joining("; "))));
  }

  /** What may become wrong, to be told with the progress. */
  String soFar() {
    return mild.isEmpty() ? "" : "; " + String.join("; ", mild);
  }

  private void sort(Cause cause, List<PodView> pods, Instant now) {
    boolean lasts =
        pods.stream()
            .map(pod -> ((Blocked) pod.phase()).since().plus(cause.patience()))
            .anyMatch(patience -> !patience.isAfter(now));
    if (lasts) {
      note(reason(cause), pods, cause.words());
    } else if (cause.isTold() || cause == Cause.GATED) {
      mild.add(sentence(pods, cause.words()));
    }
  }

  private void note(String reason, List<PodView> pods, String words) {
    if (!pods.isEmpty()) {
      grave.add(new Note(reason, sentence(pods, words)));
    }
  }

  private static String sentence(List<PodView> pods, String words) {
    PodView example = pods.getFirst();
    return "%s %s (%s: %s)"
        .formatted(Sentences.workers(pods.size()), words, example.name(), text(example.phase()));
  }

  private static String text(PodPhase phase) {
    return switch (phase) {
      case Blocked blocked -> blocked.message();
      case Finished finished -> finished.message();
      case Terminating(Optional<Instant> until, String heldBy) ->
          "due "
              + until.map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("")
              + ", "
              + heldBy;
      case PodPhase.Starting _, PodPhase.Ready _ -> "";
    };
  }

  private static String reason(Cause cause) {
    return switch (cause) {
      case CONFIG -> "PodConfigInvalid";
      case IMAGE -> "ImageUnavailable";
      case CRASH_LOOP -> "PodsCrashing";
      case UNSCHEDULABLE -> "PodsUnschedulable";
      case STUCK -> "PodsStuckStarting";
      case NOT_READY -> "PodsNotReady";
      case NODE_LOST -> "NodeLost";
      case GATED -> "PodsGated";
    };
  }
}
