package io.tensorfleet.crds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a task asks of a worker; zero and empty ask for nothing.
 *
 * @param labels each must be among the worker's, with the same value
 */
public record Needs(int gpus, long memoryBytes, Map<String, String> labels) {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  public Needs {
    gpus = Math.max(0, gpus);
    memoryBytes = Math.max(0, memoryBytes);
    labels = Map.copyOf(labels);
  }

  public static Needs nothing() {
    return new Needs(0, 0, Map.of());
  }

  public boolean isNothing() {
    return equals(nothing());
  }

  /** For people: {@code 2 GPUs, 16 GiB of memory and label zone=a}. */
  public String text() {
    List<String> parts = new ArrayList<>();
    if (gpus > 0) {
      parts.add(gpus + (gpus == 1 ? " GPU" : " GPUs"));
    }
    if (memoryBytes > 0) {
      parts.add(memory(memoryBytes) + " of memory");
    }
    if (!labels.isEmpty()) {
      List<String> pairs =
          new TreeMap<>(labels)
              .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
      parts.add((pairs.size() == 1 ? "label " : "labels ") + String.join(", ", pairs));
    }
    return joined(parts);
  }

  private static String joined(List<String> parts) {
    if (parts.size() < 2) {
      return parts.isEmpty() ? "nothing" : parts.getFirst();
    }
    int last = parts.size() - 1;
    return String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
  }

  private static String memory(long bytes) {
    if (bytes >= GIB && bytes % GIB == 0) {
      return bytes / GIB + " GiB";
    }
    return Math.ceilDiv(bytes, MIB) + " MiB";
  }
}
