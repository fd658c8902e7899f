package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.Offer;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.pods.PodNames;
import io.tensorfleet.operator.policy.Shares;
import io.tensorfleet.operator.policy.Standing;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pool as the others of its queue know it.
 *
 * @param stem what its workers' names begin with
 * @param said what its spec says that it offers
 * @param told what its workers have told beyond that, as long as its workers are made the same way
 * @param standing from its last reconcile; before the first, from its spec and status
 */
record Neighbour(
    PoolKey key, Identity identity, String stem, Offer said, Offer told, Standing standing) {

  /** By which one knows whether a pool is still as it was. */
  record Identity(String uid, @Nullable Long generation, WorkerPoolSpec spec) {
    static Identity of(WorkerPool pool) {
      var metadata = pool.getMetadata();
      return new Identity(
          String.valueOf(metadata.getUid()), metadata.getGeneration(), pool.getSpec());
    }

    /** Where the server counts no generations the spec itself tells. */
    boolean same(Identity other) {
      return uid.equals(other.uid)
          && Objects.equals(generation, other.generation)
          && (generation != null || spec.equals(other.spec));
    }

    boolean sameWorkers(Identity other) {
      return uid.equals(other.uid)
          && spec.worker().equals(other.spec.worker())
          && Objects.equals(spec.template(), other.spec.template());
    }
  }

  static Neighbour of(WorkerPool pool, PoolKey key, Identity identity) {
    WorkerPoolStatus status =
        Optional.ofNullable(pool.getStatus()).orElseGet(WorkerPoolStatus::empty);
    int supply = number(status.readyReplicas()) + number(status.startingReplicas());
    return new Neighbour(
        key,
        identity,
        PodNames.stem(pool),
        Offer.of(pool.getSpec()),
        Offer.unknown(),
        Standing.of(pool.getSpec(), supply, false));
  }

  /** This one, with what is still true of the one before. */
  Neighbour after(Neighbour before) {
    if (!identity.uid().equals(before.identity.uid())) {
      return this;
    }
    Offer known = identity.sameWorkers(before.identity) ? before.told : told;
    return new Neighbour(key, identity, stem, said, known, before.standing);
  }

  Neighbour standing(Standing now) {
    return new Neighbour(key, identity, stem, said, told, now);
  }

  /** What was told once holds on: nodes differ, and the next worker may get the greater one. */
  Neighbour told(Offer by) {
    return new Neighbour(key, identity, stem, said, told.most(by), standing);
  }

  /** Memory that was only told does not change the order of pools: it differs by node. */
  Shares.Member member(Roster roster) {
    Offer offer = said.or(told);
    Offer rank = new Offer(offer.gpus(), said.memoryBytes(), offer.labels());
    return new Shares.Member(key.toString(), offer, rank, standing, roster.running(stem));
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }
}
