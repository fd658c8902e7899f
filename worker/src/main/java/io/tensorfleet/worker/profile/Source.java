package io.tensorfleet.worker.profile;

import io.tensorfleet.worker.profile.Profile.Kind;
import io.tensorfleet.worker.profile.Profile.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Events of the JVM's flight recorder that make up one profile.
 *
 * @param events by name
 * @param comment what a reader of the profile should know
 */
record Source(Kind kind, Map<String, Event> events, String comment) {
  private static final Duration PERIOD = Duration.ofMillis(10);
  private static final ValueType SAMPLES = new ValueType("samples", "count");
  private static final Kind CPU =
      new Kind(List.of(SAMPLES, new ValueType("cpu", "nanoseconds")), PERIOD.toNanos());
  private static final Kind ALLOCATED =
      new Kind(List.of(SAMPLES, new ValueType("alloc_space", "bytes")), 0);

  Source {
    events = Map.copyOf(events);
  }

  /** The weight of one event. */
  sealed interface Weight {}

  /** A timespan of the event, in nanoseconds. */
  record Timespan(String field) implements Weight {}

  /** A number of the event. */
  record Amount(String field) implements Weight {}

  /** The same for each event. */
  record Fixed(long value) implements Weight {}

  /** A setting that the event needs beside being enabled, and what one event weighs. */
  record Event(String setting, String value, Weight weight) {}

  /**
   * Processor time.
   *
   * @param known names of the events that this JVM has
   * @param os name of the operating system, as {@code Linux}
   */
  static Source cpu(Set<String> known, String os) {
    if (os.equals("Linux") && known.contains("jdk.CPUTimeSample")) {
      return new Source(
          CPU,
          Map.of(
              "jdk.CPUTimeSample",
              new Event("throttle", millis(PERIOD), new Timespan("samplingPeriod"))),
          "made from jdk.CPUTimeSample: each thread of Java, each 10 ms of its processor time");
    }
    return new Source(
        CPU,
        Map.of(
            "jdk.ExecutionSample",
            new Event("period", millis(PERIOD), new Fixed(PERIOD.toNanos())),
            "jdk.NativeMethodSample",
            new Event("period", millis(PERIOD.multipliedBy(2)), new Fixed(PERIOD.toNanos() * 2))),
        "made from jdk.ExecutionSample and jdk.NativeMethodSample, because this JVM has no"
            + " jdk.CPUTimeSample: a few threads at a time, by wall clock; a thread that waits in"
            + " native code counts as busy");
  }

  /** Memory allocated, by a sample of at most 300 allocations a second. */
  static Source allocations() {
    return new Source(
        ALLOCATED,
        Map.of("jdk.ObjectAllocationSample", new Event("throttle", "300/s", new Amount("weight"))),
        "made from jdk.ObjectAllocationSample: at most 300 samples a second, scaled to all");
  }

  Optional<Event> event(String name) {
    return Optional.ofNullable(events.get(name));
  }

  private static String millis(Duration length) {
    return length.toMillis() + " ms";
  }
}
