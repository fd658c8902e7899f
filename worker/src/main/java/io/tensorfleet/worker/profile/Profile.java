package io.tensorfleet.worker.profile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Samples added up by their stack and labels. */
final class Profile {

  /** What one value of each sample counts, as {@code cpu} in {@code nanoseconds}. */
  record ValueType(String type, String unit) {}

  /**
   * A place in the code.
   *
   * @param line from 1; 0 where unknown
   */
  record Frame(String function, String systemName, String file, int line) {}

  /** A stack, the innermost frame first, and whose it is. */
  record Stack(List<Frame> frames, Map<String, String> labels) {
    Stack {
      frames = List.copyOf(frames);
      labels = Map.copyOf(labels);
    }
  }

  /**
   * What the samples are.
   *
   * @param types of the values of each sample; the last one is shown unless asked otherwise
   * @param period how many of the last type lie between two samples; 0 where that is not fixed
   */
  record Kind(List<ValueType> types, long period) {
    Kind {
      types = List.copyOf(types);
    }

    ValueType shown() {
      return types.getLast();
    }
  }

  private final Kind kind;
  private final Instant from;
  private final Map<Stack, long[]> samples = new LinkedHashMap<>();
  private final List<String> comments = new ArrayList<>();
  private Duration length = Duration.ZERO;

  Profile(Kind kind, Instant from) {
    this.kind = kind;
    this.from = from;
  }

  /**
   * Adds to what this stack has.
   *
   * @param values as many as the kind has types
   */
  void add(Stack stack, long... values) {
    long[] sums = samples.computeIfAbsent(stack, _ -> new long[kind.types().size()]);
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i];
    }
  }

  void comment(String sentence) {
    comments.add(sentence);
  }

  void lasted(Duration total) {
    length = total;
  }

  Kind kind() {
    return kind;
  }

  Instant from() {
    return from;
  }

  Duration length() {
    return length;
  }

  List<String> comments() {
    return List.copyOf(comments);
  }

  Map<Stack, long[]> samples() {
    return samples;
  }
}
