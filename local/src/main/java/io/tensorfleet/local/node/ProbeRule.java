package io.tensorfleet.local.node;

import java.time.Duration;
import java.time.Instant;

/**
 * How one probe is asked and how its answers count.
 *
 * @param failures answers in a row, {@code period} apart, after which it has failed
 * @param successes answers in a row after which it holds
 */
record ProbeRule(
    Question question,
    Duration delay,
    Duration period,
    Duration timeout,
    int failures,
    int successes) {

  /** Before the first good answer a probe is asked this often: a node on loopback can afford it. */
  private static final Duration EAGER = Duration.ofMillis(200);

  /** What is asked. */
  sealed interface Question {
    /** Whether GET answers 200 to 399. */
    record Http(String url) implements Question {}

    /** Whether the port accepts a connection. */
    record Tcp(String host, int port) implements Question {}
  }

  /**
   * The answers so far. Pure.
   *
   * @param holds whether the last verdict was good
   * @param failed whether the last verdict was bad
   * @param due when to ask next
   */
  record Tally(
      int good, int bad, boolean holds, boolean failed, Instant countFailuresFrom, Instant due) {
    static Tally begin(ProbeRule rule, Instant now) {
      Instant first = now.plus(rule.delay());
      return new Tally(0, 0, false, false, first.plus(rule.period()), first);
    }

    Tally after(ProbeRule rule, boolean success, Instant now) {
      boolean everHeld = holds || success;
      Instant next =
          now.plus(everHeld || EAGER.compareTo(rule.period()) > 0 ? rule.period() : EAGER);
      if (success) {
        boolean enough = holds || good + 1 >= rule.successes();
        return new Tally(good + 1, 0, enough, false, now, next);
      }
      if (now.isBefore(countFailuresFrom)) {
        return new Tally(0, bad, holds, failed, countFailuresFrom, next);
      }
      boolean tooMany = bad + 1 >= rule.failures();
      return new Tally(0, bad + 1, holds && !tooMany, tooMany, now.plus(rule.period()), next);
    }
  }
}
