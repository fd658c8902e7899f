package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.api.RevisionStore;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.pods.StoredRevision;
import io.tensorfleet.operator.policy.RevisionFacts;
import io.tensorfleet.operator.policy.Rollout;
import io.tensorfleet.operator.policy.ScalePlan;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * Keeps the revisions of pools on the API server: the newest before Pods are made of it, what is
 * known of it when that changes, and of the others the last few and those in use.
 */
final class Revisions {
  private static final int KEPT = 5;

  private final RevisionStore store;
  private final ConcurrentMap<PoolKey, Blueprint.Valid> read = new ConcurrentHashMap<>();
  private volatile Optional<RevisionEvents> events = Optional.empty();

  Revisions(RevisionStore store) {
    this.store = store;
  }

  RevisionEvents source(EventSourceContext<WorkerPool> context) {
    var source = new RevisionEvents(context);
    events = Optional.of(source);
    return source;
  }

  /** What is known of the pool's revisions. */
  List<RevisionFacts> known(WorkerPool pool) {
    return stored(pool).map(StoredRevision::facts).toList();
  }

  /**
   * Stores the newest revision and what is known of it, where that is not stored yet; not in a dry
   * run.
   */
  void keep(Observation seen, Rollout rollout) {
    if (seen.dry() || !(seen.blueprint() instanceof Blueprint.Valid newest)) {
      return;
    }
    List<ControllerRevision> all = stored(seen.pool()).toList();
    Optional<ControllerRevision> there =
        all.stream().filter(r -> StoredRevision.revision(r).equals(newest.revision())).findFirst();
    if (there.isEmpty()) {
      add(seen, newest, rollout, all);
    } else if (!StoredRevision.facts(there.get()).equals(rollout.facts())) {
      mark(there.get(), rollout.facts());
    }
  }

  /** What Pods of the revision that worked last look like, when the plan makes some. */
  Blueprint stable(Observation seen, ScalePlan plan) {
    String wanted = plan.memory().rollout().stable().orElse("");
    if (plan.ofStable() == 0
        || (seen.blueprint() instanceof Blueprint.Valid newest
            && newest.revision().equals(wanted))) {
      return seen.blueprint();
    }
    var key = PoolKey.of(seen.pool());
    Blueprint.Valid known = read.get(key);
    if (known != null && known.revision().equals(wanted)) {
      return known;
    }
    Blueprint found = store.read(key.namespace(), StoredRevision.name(seen.pool(), wanted));
    if (found instanceof Blueprint.Valid valid) {
      read.put(key, valid);
    }
    return found;
  }

  void forget(PoolKey pool) {
    read.remove(pool);
  }

  private void add(
      Observation seen, Blueprint.Valid newest, Rollout rollout, List<ControllerRevision> all) {
    long number = 1 + all.stream().mapToLong(ControllerRevision::getRevision).max().orElse(0);
    store
        .create(StoredRevision.of(seen.pool(), newest, rollout.facts(), number))
        .ifPresent(made -> events.ifPresent(source -> source.created(made)));
    Set<String> used = seen.revisionsInUse();
    all.stream()
        .sorted(Comparator.comparing(ControllerRevision::getRevision).reversed())
        .skip(KEPT - 1)
        .filter(r -> !used.contains(StoredRevision.revision(r)))
        .filter(r -> rollout.stable().filter(StoredRevision.revision(r)::equals).isEmpty())
        .forEach(store::delete);
  }

  private void mark(ControllerRevision revision, RevisionFacts facts) {
    store
        .annotate(revision, StoredRevision.annotations(facts))
        .ifPresent(now -> events.ifPresent(source -> source.changed(now, revision)));
  }

  private Stream<ControllerRevision> stored(WorkerPool pool) {
    String uid = pool.getMetadata().getUid();
    return events.stream()
        .flatMap(source -> source.getSecondaryResources(pool).stream())
        .filter(r -> r.getMetadata().getDeletionTimestamp() == null)
        .filter(
            r ->
                r.getMetadata().getOwnerReferences().stream()
                    .anyMatch(o -> uid.equals(o.getUid())));
  }
}
