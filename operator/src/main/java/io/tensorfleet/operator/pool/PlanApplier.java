package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.api.PodWriter;
import io.tensorfleet.operator.api.PodWriter.Created;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.pods.PodNames;
import io.tensorfleet.operator.queue.Cordons;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries plans out: the only class that creates and removes Pods. Each step may be the last before
 * a crash; the next plan, made from what is there, ends in the same place.
 */
final class PlanApplier {
  /**
   * At most so many are created before the pool is looked at anew, so that a decision is never
   * older than about a second.
   */
  static final int MOST_AT_ONCE = 500;

  private static final Logger log = LoggerFactory.getLogger(PlanApplier.class);

  private final PodWriter pods;
  private final Remover remover;
  private final Parallel parallel;

  PlanApplier(PodWriter pods, Cordons cordons, Parallel parallel) {
    this.pods = pods;
    this.remover = new Remover(pods, cordons, parallel);
    this.parallel = parallel;
  }

  Applied apply(Deed deed) {
    if (deed.plan().empty() && deed.workers().cordons().isEmpty()) {
      return Applied.nothing();
    }
    Map<String, OwnCordon> cordons = new HashMap<>(remover.lift(deed));
    Removals removals = remover.remove(deed);
    removals.removed().forEach(cordons::remove);
    cordons.putAll(removals.cordons());
    List<Created> created = create(deed);
    Optional<String> refused = created.stream().flatMap(c -> failure(c).stream()).findFirst();
    refused.ifPresent(why -> log.warn("{}: {}", deed.pool().getMetadata().getName(), why));
    return new Applied(
        created.stream().flatMap(c -> pod(c).stream()).toList(),
        removals.removed(),
        removals.kept(),
        refused,
        removals.failure(),
        cordons);
  }

  private List<Created> create(Deed deed) {
    List<Created> done = new ArrayList<>();
    Set<String> taken = new HashSet<>(deed.workers().listed());
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
    int missing = Math.min(MOST_AT_ONCE, count);
    while (missing > 0) {
      List<String> names = PodNames.next(stem, taken.stream(), missing);
      List<Created> made =
          parallel.ramp(
              names,
              name -> pods.create(blueprint.pod(deed.pool(), name)),
              created -> failure(created).isEmpty());
      taken.addAll(names);
      done.addAll(made);
      missing -= (int) made.stream().filter(c -> !(c instanceof Created.Taken)).count();
      if (made.stream().anyMatch(c -> failure(c).isPresent())) {
        break;
      }
    }
    return done;
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
}
