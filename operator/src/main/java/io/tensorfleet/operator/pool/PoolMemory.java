package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.policy.Memory;
import io.tensorfleet.operator.policy.RevisionFacts;
import io.tensorfleet.operator.policy.Rollout;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the operator remembers of one pool between two reconciles. After a restart it starts from
 * the status; what is lost only makes the pool shrink later and repeat an event.
 *
 * @param uid of the pool; another one under the same name starts anew
 * @param policy what the last decision handed to the next
 * @param status as written last, or as it is to be written while there is a backlog
 * @param statusAt when that was; the distant past when it was not this process
 * @param leaving UIDs of Pods deleted, as long as they are seen
 * @param told what events were about and when they were written last
 * @param creations how creations go
 * @param upkeep what is to be put right about Pods that are there
 * @param backlog what is still to be told
 */
record PoolMemory(
    String uid,
    Memory policy,
    WorkerPoolStatus status,
    Instant statusAt,
    Set<String> leaving,
    Map<String, Instant> told,
    Creations creations,
    Upkeep upkeep,
    Backlog backlog) {

  PoolMemory {
    leaving = Set.copyOf(leaving);
    told = Map.copyOf(told);
  }

  /** What is known of this very pool, else what its status tells. */
  static PoolMemory of(
      WorkerPool pool, Optional<PoolMemory> known, Supplier<List<RevisionFacts>> revisions) {
    return known
        .filter(memory -> memory.isOf(pool))
        .orElseGet(() -> restored(pool, revisions.get()));
  }

  /** Of a pool that this process sees for the first time. */
  static PoolMemory restored(WorkerPool pool, List<RevisionFacts> revisions) {
    WorkerPoolStatus status =
        Optional.ofNullable(pool.getStatus()).orElseGet(WorkerPoolStatus::empty);
    Memory policy =
        Optional.ofNullable(status.desiredReplicas())
            .map(Memory::restored)
            .orElseGet(Memory::none)
            .withBreakers(Replacements.restored(status));
    return new PoolMemory(
        pool.getMetadata().getUid(),
        policy.with(Rollout.restored(status.revision(), revisions)),
        status,
        Instant.EPOCH,
        Set.of(),
        Map.of(),
        Creations.unhindered(),
        Upkeep.none(),
        Backlog.none());
  }

  boolean isOf(WorkerPool pool) {
    return uid.equals(pool.getMetadata().getUid());
  }

  PoolMemory decided(Memory next, Set<String> nowLeaving) {
    return new PoolMemory(
        uid, next, status, statusAt, nowLeaving, told, creations, upkeep, backlog);
  }

  PoolMemory keeps(Upkeep next) {
    return new PoolMemory(uid, policy, status, statusAt, leaving, told, creations, next, backlog);
  }

  PoolMemory wrote(WorkerPoolStatus written, Instant at) {
    return new PoolMemory(
        uid, policy, written, at, leaving, told, creations, upkeep, Backlog.none());
  }

  /** The status is to be written yet. */
  PoolMemory owes(WorkerPoolStatus unwritten, Backlog next) {
    return new PoolMemory(uid, policy, unwritten, statusAt, leaving, told, creations, upkeep, next);
  }

  PoolMemory told(Map<String, Instant> now) {
    return new PoolMemory(uid, policy, status, statusAt, leaving, now, creations, upkeep, backlog);
  }

  PoolMemory with(Creations now) {
    return new PoolMemory(uid, policy, status, statusAt, leaving, told, now, upkeep, backlog);
  }
}
