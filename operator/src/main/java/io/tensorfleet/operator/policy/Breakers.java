package io.tensorfleet.operator.policy;

import io.tensorfleet.operator.policy.Memory.Breaker;
import io.tensorfleet.operator.policy.PodPhase.Blocked;
import io.tensorfleet.operator.policy.PodPhase.Finished;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many Pods of a revision that cannot start may be replaced now. The first three at once; then
 * one each time a pause has passed that doubles from 30 s to 10 min. A revision that has a ready
 * worker works: what ended of it is replaced freely, as is what was lost with its node. When
 * nothing of a revision fails and something is ready, its breaker is forgotten.
 */
record Breakers(Map<String, Breaker> byRevision, Instant now) {
  private static final int FREE = 3;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** The failed Pods of {@code fleet} that may be replaced now. */
  List<PodView> replaceable(Fleet fleet, String revision) {
    boolean works = works(fleet, revision);
    int budget = budget(revision);
    List<PodView> result = new ArrayList<>();
    for (PodView pod : fleet.failed()) {
      boolean charged = charged(pod, works, revision);
      if (pod.busy() || (charged && budget == 0)) {
        continue;
      }
      budget -= charged ? 1 : 0;
      result.add(pod);
    }
    return result;
  }

  /** After these Pods were retired. */
  Map<String, Breaker> after(List<Retirement> retirements, Fleet fleet, String revision) {
    Set<String> gone = retirements.stream().map(Retirement::pod).collect(Collectors.toSet());
    boolean works = works(fleet, revision);
    int replaced =
        (int)
            fleet.failed().stream()
                .filter(pod -> gone.contains(pod.name()) && charged(pod, works, revision))
                .count();
    boolean fails = fleet.failed().stream().anyMatch(pod -> pod.revision().equals(revision));
    int before = works && !fails ? 0 : replaced(revision);
    if (before + replaced == 0) {
      return Map.of();
    }
    return replaced > 0
        ? Map.of(revision, new Breaker(before + replaced, now))
        : Map.of(revision, byRevision.getOrDefault(revision, new Breaker(before, now)));
  }

  /** When the pause of the revision ends; empty when there is none. */
  Optional<Instant> opens(String revision) {
    return Optional.ofNullable(byRevision.get(revision))
        .filter(breaker -> breaker.replaced() >= FREE)
        .map(breaker -> breaker.lastAt().plus(pause(breaker)));
  }

  private int budget(String revision) {
    int replaced = replaced(revision);
    if (replaced < FREE) {
      return FREE - replaced;
    }
    return opens(revision).orElse(now).isAfter(now) ? 0 : 1;
  }

  private int replaced(String revision) {
    return byRevision.getOrDefault(revision, new Breaker(0, now)).replaced();
  }

  private static Duration pause(Breaker breaker) {
    int doublings = Math.min(10, breaker.replaced() - FREE);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private static boolean works(Fleet fleet, String revision) {
    return fleet.ready().stream().anyMatch(pod -> pod.revision().equals(revision));
  }

  private static boolean charged(PodView pod, boolean works, String revision) {
    boolean blameless =
        switch (pod.phase()) {
          case Finished _ -> works;
          case Blocked blocked -> blocked.cause() == PodPhase.Cause.NODE_LOST;
          default -> false;
        };
    return pod.revision().equals(revision) && !blameless;
  }
}
