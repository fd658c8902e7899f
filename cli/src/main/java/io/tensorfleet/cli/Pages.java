package io.tensorfleet.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads a paged list to its end, or to a limit. */
final class Pages {
  private Pages() {}

  static <A, T> List<T> all(
      int limit, Function<String, A> page, Function<A, List<T>> items, Function<A, String> next) {
    var found = new ArrayList<T>();
    var token = "";
    do {
      var answer = page.apply(token);
      found.addAll(items.apply(answer));
      token = next.apply(answer);
    } while (!token.isEmpty() && found.size() < limit);
    return List.copyOf(found.subList(0, Math.min(limit, found.size())));
  }
}
