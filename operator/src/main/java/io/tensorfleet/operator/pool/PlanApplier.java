package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.api.PodWriter;
import io.tensorfleet.operator.api.PodWriter.Created;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.pods.Labels;
import io.tensorfleet.operator.pods.PodNames;
import io.tensorfleet.operator.pods.PodReading;
import io.tensorfleet.operator.queue.Cordons;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

  /** So many names of other people's Pods are met in one plan; the next one knows them. */
  private static final int MOST_TAKEN = 64;

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
    List<Attempt> created = create(deed);
    Optional<Refusal> refused = created.stream().flatMap(a -> a.refusal().stream()).findFirst();
    refused.ifPresent(
        why -> log.warn("{}: {}", deed.pool().getMetadata().getName(), why.sentence()));
    return new Applied(
        created.stream().flatMap(a -> a.pod().stream()).toList(),
        removals.removed(),
        removals.kept(),
        refused,
        removals.failure(),
        cordons,
        created.stream().filter(Attempt::taken).map(Attempt::name).collect(Collectors.toSet()));
  }

  private List<Attempt> create(Deed deed) {
    if (deed.plan().creates() == 0) {
      return List.of();
    }
    List<Attempt> done = new ArrayList<>(unseen(deed));
    int missing = deed.plan().creates() - done.size();
    int ofStable = Math.clamp(deed.plan().ofStable() - ofStable(deed, done), 0, missing);
    Set<String> used = used(deed);
    if (deed.blueprint() instanceof Blueprint.Valid newest) {
      done.addAll(create(deed, newest, missing - ofStable, used));
    }
    if (ofStable > 0 && done.stream().allMatch(a -> a.refusal().isEmpty())) {
      done.addAll(
          switch (deed.stable()) {
            case Blueprint.Valid stable -> create(deed, stable, ofStable, used);
            case Blueprint.Invalid(String why) ->
                List.of(new Attempt("", new Created.Refused(0, why)));
          });
    }
    return done;
  }

  private static Set<String> used(Deed deed) {
    Set<String> used = new HashSet<>(deed.workers().listed());
    used.addAll(deed.workers().creations().foreign());
    deed.pods().forEach(p -> used.add(p.getMetadata().getName()));
    return used;
  }

  /** How many of these are of the revision that worked last. */
  private static long ofStable(Deed deed, List<Attempt> done) {
    return deed.stable() instanceof Blueprint.Valid stable
        ? done.stream()
            .flatMap(a -> a.pod().stream())
            .filter(p -> stable.revision().equals(p.getMetadata().getLabels().get(Labels.REVISION)))
            .count()
        : 0;
  }

  /**
   * Pods that no watch has brought, and whose workers the orchestrator lists all the same: they are
   * not made again under other names.
   */
  private List<Attempt> unseen(Deed deed) {
    var pool = deed.pool().getMetadata();
    Set<String> seen =
        deed.pods().stream().map(p -> p.getMetadata().getName()).collect(Collectors.toSet());
    List<String> names =
        deed.workers().listed().stream()
            .filter(name -> PodNames.stemOf(name).equals(PodNames.stem(deed.pool())))
            .filter(name -> !seen.contains(name))
            .limit(deed.plan().creates())
            .toList();
    return parallel.map(names, name -> pods.find(pool.getNamespace(), name)).stream()
        .flatMap(Optional::stream)
        .filter(p -> PodReading.isOwnedBy(p, pool.getUid()))
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .map(p -> new Attempt(p.getMetadata().getName(), new Created.WasThere(p)))
        .toList();
  }

  private List<Attempt> create(Deed deed, Blueprint.Valid blueprint, int count, Set<String> used) {
    List<Attempt> done = new ArrayList<>();
    String stem = PodNames.stem(deed.pool());
    int missing = Math.min(MOST_AT_ONCE, count);
    boolean tries = deed.workers().creations().refused().isPresent();
    while (missing > 0 && done.stream().filter(Attempt::taken).count() < MOST_TAKEN) {
      List<String> names = PodNames.next(stem, used.stream(), tries ? 1 : missing);
      List<Attempt> made =
          parallel.ramp(
              names,
              name -> new Attempt(name, pods.create(blueprint.pod(deed.pool(), name))),
              attempt -> attempt.refusal().isEmpty());
      tries = false;
      used.addAll(names);
      done.addAll(made);
      missing -= (int) made.stream().filter(a -> !a.taken()).count();
      if (made.stream().anyMatch(a -> a.refusal().isPresent())) {
        break;
      }
    }
    return done;
  }

  /** What came of creating the Pod of one name. */
  private record Attempt(String name, Created outcome) {
    Optional<Pod> pod() {
      return switch (outcome) {
        case Created.Done(Pod pod) -> Optional.of(pod);
        case Created.WasThere(Pod pod) -> Optional.of(pod);
        case Created.Taken _, Created.Refused _ -> Optional.empty();
      };
    }

    boolean taken() {
      return outcome instanceof Created.Taken;
    }

    Optional<Refusal> refusal() {
      return outcome instanceof Created.Refused(int code, String reason)
          ? Optional.of(Refusal.of(code, reason))
          : Optional.empty();
    }
  }
}
