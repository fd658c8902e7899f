package io.tensorfleet.operator.pool;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Joins what wakes a key: the first wakes at once, further ones within a while wake together at its
 * end. Who was woken longer ago than that is forgotten. Times are nanoseconds that somebody else
 * reads from a clock; not for several threads.
 */
final class Wakeups<K> {
  private final long joined;
  private final Map<K, Waking> keys = new HashMap<>();
  private long tidied;

  Wakeups(long joined) {
    this.joined = joined;
  }

  private record Waking(long last, boolean pending) {}

  /** After how many nanoseconds to wake the key; empty when that is to happen anyway. */
  Optional<Long> asked(K key, long now) {
    tidy(now);
    Waking before = keys.get(key);
    if (before != null && before.pending()) {
      return Optional.empty();
    }
    long due = before == null ? now : Math.max(now, before.last() + joined);
    keys.put(key, new Waking(due, due > now));
    return Optional.of(due - now);
  }

  /** The key was woken after a delay. */
  void woken(K key, long now) {
    keys.put(key, new Waking(now, false));
  }

  void forget(K key) {
    keys.remove(key);
  }

  int size() {
    return keys.size();
  }

  /** Once in a while, so that it costs each who asks next to nothing. */
  private void tidy(long now) {
    if (keys.isEmpty()) {
      tidied = now;
    }
    if (now - tidied >= joined) {
      tidied = now;
      keys.values().removeIf(waking -> !waking.pending() && now - waking.last() >= joined);
    }
  }
}
