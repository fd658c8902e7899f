package io.tensorfleet.crds;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an absent field means: servers without schema defaults, and Java callers, leave fields out.
 */
final class Absent {
  private Absent() {}

  static <T> T or(@Nullable T value, T meaning) {
    return value == null ? meaning : value;
  }

  static <T> List<T> list(@Nullable List<T> value) {
    return value == null ? List.of() : List.copyOf(value);
  }

  static <V> Map<String, V> map(@Nullable Map<String, V> value) {
    return value == null ? Map.of() : Map.copyOf(value);
  }
}
