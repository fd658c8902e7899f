package io.tensorfleet.operator.pods;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Names of worker Pods: the pool's name and a number, {@code demo-0}. A new Pod takes the lowest
 * number that no Pod of that name pattern has. So whoever repeats a creation after a crash, from an
 * old cache, or beside another operator, chooses the same names and meets AlreadyExists instead of
 * making a Pod too many.
 */
public final class PodNames {
  private PodNames() {}

  /** The next names, lowest numbers first; {@code taken} holds every name in use or leaving. */
  public static List<String> next(String pool, Stream<String> taken, int count) {
    Set<String> used = new HashSet<>(taken.toList());
    return IntStream.iterate(0, n -> n + 1)
        .mapToObj(n -> pool + "-" + n)
        .filter(name -> !used.contains(name))
        .limit(count)
        .toList();
  }
}
