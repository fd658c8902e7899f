package io.tensorfleet.operator.policy;

import io.tensorfleet.operator.policy.Memory.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The sizes that were wanted over time. One wish holds until the next; wishes within one second are
 * joined.
 */
record Wishes(List<Wish> list) {
  private static final Duration JOINED = Duration.ofSeconds(1);

  Wishes {
    list = List.copyOf(list);
  }

  /** The wishes so far, {@code size} as the only one where there are none. */
  static Wishes remembered(Memory memory, int size, Instant now) {
    return memory.wishes().isEmpty()
        ? new Wishes(List.of(new Wish(now, size, size)))
        : new Wishes(memory.wishes());
  }

  /** From {@code now} on, {@code size} is wanted. */
  Wishes add(Instant now, int size) {
    Wish last = list.getLast();
    if (last.low() == size && last.high() == size) {
      return this;
    }
    List<Wish> next = new ArrayList<>(list);
    if (next.size() > 1 && isJoined(next.get(next.size() - 2), now)) {
      next.removeLast();
      next.set(next.size() - 1, joined(next.getLast(), last));
    }
    next.add(new Wish(now, size, size));
    return new Wishes(next);
  }

  private static boolean isJoined(Wish before, Instant now) {
    return Duration.between(before.from(), now).compareTo(JOINED) < 0;
  }

  private static Wish joined(Wish one, Wish other) {
    return new Wish(
        one.from(), Math.min(one.low(), other.low()), Math.max(one.high(), other.high()));
  }

  /** The highest size wanted within the window that ends now. */
  int highest(Instant now, Duration window) {
    return within(now, window).stream().mapToInt(Wish::high).max().orElseThrow();
  }

  /** The lowest size wanted within the window that ends now. */
  int lowest(Instant now, Duration window) {
    return within(now, window).stream().mapToInt(Wish::low).min().orElseThrow();
  }

  /**
   * When the last wish that {@code holds} has left the window; empty when it is the one of now, or
   * there is none.
   */
  Optional<Instant> leaves(Duration window, Predicate<Wish> holds) {
    for (int i = list.size() - 2; i >= 0; i--) {
      if (holds.test(list.get(i))) {
        return Optional.of(list.get(i + 1).from().plus(window));
      }
    }
    return Optional.empty();
  }

  /** Without what no window reaches any more. */
  Wishes since(Instant now, Duration window) {
    return new Wishes(within(now, window));
  }

  private List<Wish> within(Instant now, Duration window) {
    Instant cutoff = now.minus(window);
    int first = list.size() - 1;
    while (first > 0 && list.get(first).from().isAfter(cutoff)) {
      first--;
    }
    return list.subList(first, list.size());
  }
}
