package io.tensorfleet.operator.pods;

import io.tensorfleet.crds.WorkerPool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Names of worker Pods: the pool's name, a mark of this very pool and a number, {@code
 * demo-x7k2-0}. A new Pod takes the lowest number that no Pod of that name pattern has. So whoever
 * repeats a creation after a crash, from an old cache, or beside another operator, chooses the same
 * names and meets AlreadyExists instead of making a Pod too many.
 *
 * <p>A Pod's name is its worker's id. The mark keeps pools of one name apart that meet at one
 * orchestrator: from two namespaces, from two clusters, or one made anew while Pods of the old one
 * leave.
 */
public final class PodNames {
  /** No vowels and nothing that looks like another: marks make no words. */
  private static final String MARKS = "bcdfghjklmnpqrstvwxz2456789";

  private static final int MARK_LENGTH = 4;

  private PodNames() {}

  /** What the names of all Pods of this pool begin with, before the dash and the number. */
  public static String stem(WorkerPool pool) {
    return pool.getMetadata().getName() + "-" + mark(String.valueOf(pool.getMetadata().getUid()));
  }

  /** The stem of a name; the whole name where it does not end with a number. */
  public static String stemOf(String name) {
    int at = name.length() - 1;
    while (at > 0 && name.charAt(at) >= '0' && name.charAt(at) <= '9') {
      at--;
    }
    boolean numbered = at > 0 && at < name.length() - 1 && name.charAt(at) == '-';
    return numbered ? name.substring(0, at) : name;
  }

  /** The next names, lowest numbers first; {@code taken} holds every name in use or leaving. */
  public static List<String> next(String stem, Stream<String> taken, int count) {
    Set<String> used = new HashSet<>(taken.toList());
    return IntStream.iterate(0, n -> n + 1)
        .mapToObj(n -> stem + "-" + n)
        .filter(name -> !used.contains(name))
        .limit(count)
        .toList();
  }

  private static String mark(String uid) {
    long rest = Integer.toUnsignedLong(uid.hashCode());
    StringBuilder mark = new StringBuilder();
    for (int i = 0; i < MARK_LENGTH; i++) {
      mark.append(MARKS.charAt((int) (rest % MARKS.length())));
      rest /= MARKS.length();
    }
    return mark.toString();
  }
}
