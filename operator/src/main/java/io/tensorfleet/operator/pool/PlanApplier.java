package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.api.PodRef;
import io.tensorfleet.operator.api.PodWriter;
import io.tensorfleet.operator.api.PodWriter.Created;
import io.tensorfleet.operator.api.PodWriter.Deleted;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.pods.PodNames;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import io.tensorfleet.operator.queue.Cordons;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries plans out: the only class that creates and removes Pods. Each step may be the last before
 * a crash; the next plan, made from what is there, ends in the same place.
 */
final class PlanApplier {
  /** Creations begin with so few in parallel and double: a quota is met by few refusals. */
  private static final int FIRST_BATCH = 8;

  private static final Logger log = LoggerFactory.getLogger(PlanApplier.class);

  private final PodWriter pods;
  private final Cordons cordons;
  private final Parallel parallel;

  PlanApplier(PodWriter pods, Cordons cordons, Parallel parallel) {
    this.pods = pods;
    this.cordons = cordons;
    this.parallel = parallel;
  }

  Applied apply(Deed deed) {
    if (deed.plan().empty()) {
      return Applied.nothing();
    }
    List<Removal> removals = remove(deed);
    List<Created> created = create(deed);
    Optional<String> refused = created.stream().flatMap(c -> failure(c).stream()).findFirst();
    refused.ifPresent(why -> log.warn("{}: {}", deed.pool().getMetadata().getName(), why));
    return new Applied(
        created.stream().flatMap(c -> pod(c).stream()).toList(),
        removals.stream().filter(r -> r.outcome == Outcome.LEAVES).map(Removal::uid).toList(),
        removals.stream().filter(r -> r.outcome == Outcome.STAYS).map(Removal::why).toList(),
        refused,
        removals.stream().filter(r -> r.outcome == Outcome.FAILED).map(Removal::why).findFirst());
  }

  private List<Created> create(Deed deed) {
    List<Created> done = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    deed.pods().forEach(p -> taken.add(p.getMetadata().getName()));
    int ofStable = deed.plan().ofStable();
    if (deed.blueprint() instanceof Blueprint.Valid newest) {
      done.addAll(create(deed, newest, deed.plan().creates() - ofStable, taken));
    }
    if (ofStable > 0 && done.stream().allMatch(c -> failure(c).isEmpty())) {
      done.addAll(
          switch (deed.stable()) {
            case Blueprint.Valid stable -> create(deed, stable, ofStable, taken);
            case Blueprint.Invalid(String why) -> List.of(new Created.Refused(0, why));
          });
    }
    return done;
  }

  private List<Created> create(Deed deed, Blueprint.Valid blueprint, int count, Set<String> taken) {
    List<Created> done = new ArrayList<>();
    String stem = PodNames.stem(deed.pool());
    int missing = count;
    for (int batch = FIRST_BATCH; missing > 0; batch *= 2) {
      List<String> names = PodNames.next(stem, taken.stream(), Math.min(batch, missing));
      List<Created> made =
          parallel.map(names, name -> pods.create(blueprint.pod(deed.pool(), name)));
      taken.addAll(names);
      done.addAll(made);
      missing -= (int) made.stream().filter(c -> !(c instanceof Created.Taken)).count();
      if (made.stream().anyMatch(c -> failure(c).isPresent())) {
        break;
      }
    }
    return done;
  }

  private List<Removal> remove(Deed deed) {
    Map<String, Pod> byUid =
        deed.pods().stream().collect(Collectors.toMap(p -> p.getMetadata().getUid(), p -> p));
    List<Step> steps =
        deed.plan().retirements().stream()
            .flatMap(r -> Stream.ofNullable(byUid.get(r.uid())).map(p -> new Step(r, PodRef.of(p))))
            .toList();
    return parallel.map(steps, step -> remove(step.retirement(), step.pod(), deed.address()));
  }

  /** Cordon, then delete. Who is busy, or may be, stays. */
  private Removal remove(Retirement retirement, PodRef pod, String address) {
    if (retirement.reason().dead()) {
      return delete(retirement, pod);
    }
    String reason = "leaves: " + retirement.reason().text();
    Cordons.Answer answer =
        cordons.cordonIfIdle(address, pod.name(), retirement.incarnation(), reason);
    return switch (answer) {
      case Cordons.Answer.Cordoned _ -> delete(retirement, pod);
      case Cordons.Answer.Busy(int leases) ->
          stays(retirement, "it holds " + leases + (leases == 1 ? " task" : " tasks"));
      case Cordons.Answer.Unknown _ when retirement.reason() == Reason.NOT_STARTED ->
          delete(retirement, pod);
      case Cordons.Answer.Unknown _ -> stays(retirement, "the orchestrator does not know it now");
      case Cordons.Answer.Failed(String why) -> stays(retirement, why);
    };
  }

  private Removal delete(Retirement retirement, PodRef pod) {
    return switch (pods.delete(pod)) {
      case Deleted.Done _ -> leaves(retirement, "deleted");
      case Deleted.Gone _ -> leaves(retirement, "gone before");
      case Deleted.Changed _ -> stays(retirement, "it has changed meanwhile");
      case Deleted.Refused(int code, String reason) ->
          new Removal(
              retirement.uid(),
              Outcome.FAILED,
              "Pod " + retirement.pod() + " not deleted: " + code + " " + reason);
    };
  }

  private static Removal leaves(Retirement retirement, String how) {
    log.info("{} leaves, because {}: {}", retirement.pod(), retirement.reason().text(), how);
    return new Removal(retirement.uid(), Outcome.LEAVES, how);
  }

  private static Removal stays(Retirement retirement, String why) {
    log.info("{} stays: {}", retirement.pod(), why);
    return new Removal(retirement.uid(), Outcome.STAYS, retirement.pod() + " stays: " + why);
  }

  private static Optional<Pod> pod(Created created) {
    return switch (created) {
      case Created.Done(Pod pod) -> Optional.of(pod);
      case Created.WasThere(Pod pod) -> Optional.of(pod);
      case Created.Taken _, Created.Refused _ -> Optional.empty();
    };
  }

  private static Optional<String> failure(Created created) {
    return created instanceof Created.Refused(int code, String reason)
        ? Optional.of("a Pod could not be created: " + code + " " + reason)
        : Optional.empty();
  }

  private enum Outcome {
    LEAVES,
    STAYS,
    FAILED
  }

  private record Step(Retirement retirement, PodRef pod) {}

  private record Removal(String uid, Outcome outcome, String why) {}
}
