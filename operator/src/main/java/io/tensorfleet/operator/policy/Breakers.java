package io.tensorfleet.operator.policy;

import io.tensorfleet.operator.policy.Memory.Breaker;
import io.tensorfleet.operator.policy.PodPhase.Blocked;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.PodPhase.Finished;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many Pods of a revision that cannot start may be replaced now. The first three at once; then
 * one each time a pause has passed that doubles from 30 s to 10 min. What served for a while and
 * ended, or was lost with its node, is replaced freely, and so is what would be replaced by another
 * revision. When something of a revision is ready and nothing has failed for a whole pause, its
 * breaker is forgotten.
 *
 * @param made the revisions of which Pods are made
 */
record Breakers(Map<String, Breaker> byRevision, Set<String> made, Instant now) {
  private static final int FREE = 3;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  static Breakers of(PoolView view, Rollout rollout) {
    Set<String> made =
        view.revision().equals(rollout.goal())
            ? Set.of(view.revision())
            : Set.of(view.revision(), rollout.goal());
    return new Breakers(view.memory().breakers(), made, view.now());
  }

  /** The failed Pods of {@code fleet} that may be replaced now. */
  List<PodView> replaceable(Fleet fleet) {
    Map<String, Integer> budgets = new HashMap<>();
    List<PodView> result = new ArrayList<>();
    for (PodView pod : fleet.failed()) {
      if (pod.busy()) {
        continue;
      }
      int budget = budgets.computeIfAbsent(pod.revision(), this::budget);
      if (!charged(pod) || budget > 0) {
        budgets.put(pod.revision(), budget - (charged(pod) ? 1 : 0));
        result.add(pod);
      }
    }
    return result;
  }

  /** After these Pods were retired; those that leave as surplus are not replaced. */
  Map<String, Breaker> after(List<Retirement> retirements, Fleet fleet) {
    Set<String> gone = retirements.stream().map(Retirement::pod).collect(Collectors.toSet());
    Map<String, Breaker> next = new HashMap<>();
    for (String revision : made) {
      Breaker before = breaker(revision);
      int more =
          (int)
              replaceable(fleet).stream()
                  .filter(pod -> gone.contains(pod.name()) && charged(pod, revision))
                  .count();
      if (more > 0) {
        next.put(revision, new Breaker(before.replaced() + more, now));
      } else if (before.replaced() > 0 && !recovered(before, fleet, revision)) {
        next.put(revision, before);
      }
    }
    return next;
  }

  /** When the first pause that holds one of these Pods back ends; empty when none does. */
  Optional<Instant> opens(List<PodView> failed) {
    return made.stream()
        .filter(revision -> failed.stream().anyMatch(pod -> charged(pod, revision)))
        .map(this::breaker)
        .filter(breaker -> breaker.replaced() >= FREE)
        .map(Breakers::quietUntil)
        .min(Instant::compareTo);
  }

  /** Whether replacements of some revision pause now. */
  boolean hold() {
    return made.stream().anyMatch(revision -> budget(revision) == 0);
  }

  /** How many were replaced. */
  int replaced() {
    return made.stream().mapToInt(revision -> breaker(revision).replaced()).sum();
  }

  private int budget(String revision) {
    Breaker breaker = breaker(revision);
    if (breaker.replaced() < FREE) {
      return FREE - breaker.replaced();
    }
    return quietUntil(breaker).isAfter(now) ? 0 : 1;
  }

  private Breaker breaker(String revision) {
    return byRevision.getOrDefault(revision, new Breaker(0, now));
  }

  private boolean recovered(Breaker breaker, Fleet fleet, String revision) {
    return fleet.ready().stream().anyMatch(pod -> pod.revision().equals(revision))
        && fleet.failed().stream().noneMatch(pod -> charged(pod, revision))
        && !now.isBefore(quietUntil(breaker));
  }

  private static Instant quietUntil(Breaker breaker) {
    int doublings = Math.clamp(breaker.replaced() - FREE, 0, 10);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    return breaker.lastAt().plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
  }

  private boolean charged(PodView pod, String revision) {
    return pod.revision().equals(revision) && charged(pod);
  }

  private boolean charged(PodView pod) {
    boolean blameless =
        switch (pod.phase()) {
          case Finished finished -> finished.served();
          case Blocked blocked -> blocked.cause() == Cause.NODE_LOST;
          default -> false;
        };
    return made.contains(pod.revision()) && !blameless;
  }
}
