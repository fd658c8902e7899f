package io.tensorfleet.operator.limit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Who waits, by pool; one of each pool comes before a second one of any. */
final class Turns<P, T> {
  private final Map<P, Deque<T>> waiting = new LinkedHashMap<>();
  private int size;

  void add(P pool, T one) {
    waiting.computeIfAbsent(pool, _ -> new ArrayDeque<>()).addLast(one);
    size++;
  }

  /** The next one; its pool goes to the end of the line. */
  Optional<T> next() {
    var first = waiting.entrySet().iterator();
    if (!first.hasNext()) {
      return Optional.empty();
    }
    Map.Entry<P, Deque<T>> entry = first.next();
    P pool = entry.getKey();
    Deque<T> line = entry.getValue();
    T one = line.removeFirst();
    first.remove();
    size--;
    if (!line.isEmpty()) {
      waiting.put(pool, line);
    }
    return Optional.of(one);
  }

  boolean remove(P pool, T one) {
    Deque<T> line = waiting.get(pool);
    if (line == null || !line.remove(one)) {
      return false;
    }
    size--;
    if (line.isEmpty()) {
      waiting.remove(pool);
    }
    return true;
  }

  int size() {
    return size;
  }
}
