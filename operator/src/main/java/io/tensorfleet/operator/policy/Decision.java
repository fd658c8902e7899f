package io.tensorfleet.operator.policy;

import java.time.Instant;
import java.util.Optional;

/**
 * Why the size is what it is.
 *
 * @param sentence for people; equal views give equal sentences, and it holds no countdown
 * @param rule what bound the size
 * @param from the size before
 * @param size the size decided
 * @param wanted the size that the demand alone asks for; the size before where the queue is unknown
 * @param demandSlots slots needed: waiting work, running work and minIdle; 0 where the queue is
 *     unknown
 * @param supply Pods that count: ready and starting ones
 * @param mayChangeAt when another decision may come out although nothing else changes: decide again
 *     then
 */
public record Decision(
    String sentence,
    Rule rule,
    int from,
    int size,
    int wanted,
    long demandSlots,
    int supply,
    Optional<Instant> mayChangeAt) {

  /** What bound the size. The names appear in status.decision.rule. */
  public enum Rule {
    Demand,
    Activation,
    MinReplicas,
    MaxReplicas,
    Schedule,
    Tolerance,
    ScaleUpWindow,
    ScaleUpPolicy,
    ScaleDownWindow,
    ScaleDownPolicy,
    QueueUnknown,
    Fallback,
    SpecReplicas,
    Mode
  }
}
