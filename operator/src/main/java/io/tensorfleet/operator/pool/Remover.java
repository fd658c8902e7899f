package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.api.PodRef;
import io.tensorfleet.operator.api.PodWriter;
import io.tensorfleet.operator.api.PodWriter.Deleted;
import io.tensorfleet.operator.pods.PodReading;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import io.tensorfleet.operator.pool.Removals.Each;
import io.tensorfleet.operator.queue.Cordons;
import io.tensorfleet.operator.queue.Cordons.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes Pods: cordon, then delete exactly what was seen. Who is busy, or may be, stays. A cordon
 * that no deletion followed is lifted when the next plan does not remove its worker.
 */
final class Remover {
  /** A worker that runs is expected to meet its orchestrator within this time. */
  private static final Duration MEETING = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(Remover.class);

  private final PodWriter pods;
  private final Cordons cordons;
  private final Parallel parallel;

  Remover(PodWriter pods, Cordons cordons, Parallel parallel) {
    this.pods = pods;
    this.cordons = cordons;
    this.parallel = parallel;
  }

  Removals remove(Deed deed) {
    Map<String, Pod> byUid =
        deed.pods().stream().collect(Collectors.toMap(p -> p.getMetadata().getUid(), p -> p));
    List<Step> steps =
        deed.plan().retirements().stream()
            .flatMap(r -> Stream.ofNullable(byUid.get(r.uid())).map(p -> new Step(r, p)))
            .toList();
    var asking =
        new Asking(deed.address(), deed.workers().now(), new AtomicReference<>(Optional.empty()));
    return new Removals(parallel.map(steps, step -> remove(step, asking)));
  }

  /** Lifts the cordons that are left behind; what there is to remember of them, by UID. */
  Map<String, OwnCordon> lift(Deed deed) {
    Map<String, OwnCordon> open = new HashMap<>(deed.workers().cordons());
    open.values().removeIf(OwnCordon::isLifted);
    deed.plan().retirements().forEach(retirement -> open.remove(retirement.uid()));
    Map<String, OwnCordon> after = new HashMap<>(deed.workers().cordons());
    parallel
        .map(List.copyOf(open.entrySet()), entry -> lift(entry, deed))
        .forEach(lifted -> after.put(lifted.getKey(), lifted.getValue()));
    return after;
  }

  private Map.Entry<String, OwnCordon> lift(Map.Entry<String, OwnCordon> entry, Deed deed) {
    OwnCordon cordon = entry.getValue();
    return switch (cordons.uncordon(deed.address(), cordon.worker(), cordon.incarnation())) {
      case DONE, UNKNOWN -> {
        log.info("{} stays and may be given tasks again", cordon.worker());
        yield Map.entry(entry.getKey(), cordon.lifted(deed.workers().now()));
      }
      case FAILED -> entry;
    };
  }

  private Each remove(Step step, Asking asking) {
    Each each = step.why().dead() ? delete(step) : cordonAndDelete(step, asking);
    switch (each.outcome()) {
      case LEAVES ->
          log.info("{} leaves, because {}: {}", step.name(), step.retirement().why(), each.why());
      case DRAINS, STAYS, FAILED -> log.info("{}", each.why());
    }
    return each;
  }

  private Each cordonAndDelete(Step step, Asking asking) {
    Reason reason = step.why();
    return switch (asking.cordon(cordons, step)) {
      case Answer.Cordoned(String incarnation) when reason != Reason.LEAVING && !reason.drains() ->
          delete(step).after(OwnCordon.set(step.name(), incarnation));
      case Answer.Cordoned _ when reason.drains() -> Each.drains(step.ref());
      case Answer.Cordoned _ -> delete(step);
      case Answer.Busy(int leases) ->
          Each.stays(step.ref(), "it holds " + leases + (leases == 1 ? " task" : " tasks"));
      case Answer.Unknown _ when reason.unmet() && !mayMeet(step, asking.now) -> delete(step);
      case Answer.Unknown _ -> Each.stays(step.ref(), "the orchestrator does not know it now");
      case Answer.Failed(String why) -> Each.stays(step.ref(), why);
    };
  }

  /** It runs, so that it may have been given a task before the deletion reaches it. */
  private static boolean mayMeet(Step step, Instant now) {
    return step.why() == Reason.NOT_STARTED
        && PodReading.runningSince(step.pod)
            .filter(since -> now.isBefore(since.plus(MEETING)))
            .isPresent();
  }

  private Each delete(Step step) {
    return switch (pods.delete(step.ref())) {
      case Deleted.Done _ -> Each.leaves(step.ref(), "deleted");
      case Deleted.Gone _ -> Each.leaves(step.ref(), "gone before");
      case Deleted.Changed _ -> Each.stays(step.ref(), "it has changed meanwhile");
      case Deleted.Refused(int code, String why) -> Each.failed(step.ref(), code + " " + why);
    };
  }

  private record Step(Retirement retirement, Pod pod) {
    PodRef ref() {
      return PodRef.of(pod);
    }

    String name() {
      return retirement.pod();
    }

    Reason why() {
      return retirement.reason();
    }
  }

  /** One orchestrator, asked about the workers of one plan until it once does not answer. */
  private record Asking(String address, Instant now, AtomicReference<Optional<String>> silent) {
    Answer cordon(Cordons cordons, Step step) {
      Optional<String> before = silent.get();
      if (before.isPresent()) {
        return new Answer.Failed("not asked about, because of another: " + before.get());
      }
      String incarnation = step.why().unmet() ? "" : step.retirement.incarnation();
      String reason = "leaves: " + step.why().text();
      Answer answer =
          step.why().drains()
              ? cordons.cordon(address, step.name(), incarnation, reason)
              : cordons.cordonIfIdle(address, step.name(), incarnation, reason);
      if (answer instanceof Answer.Failed(String why)) {
        silent.set(Optional.of(why));
      }
      return answer;
    }
  }
}
