package io.tensorfleet.worker.profile;

import io.tensorfleet.worker.profile.Profile.Frame;
import io.tensorfleet.worker.profile.Profile.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** A recording that goes on until it is closed. */
final class Recorder implements AutoCloseable {
  private static final String LOST = "jdk.CPUTimeSamplesLost";
  private static final long MAX_BYTES = 256L << 20;

  private final Source source;
  private final TaskSpans spans;
  private final Recording recording = new Recording();
  private final Instant from = Instant.now();

  private Recorder(Source source, TaskSpans spans) {
    this.source = source;
    this.spans = spans;
  }

  /** Processor time, by the best events that this JVM has. */
  static Source cpu() {
    return Source.cpu(
        FlightRecorder.getFlightRecorder().getEventTypes().stream()
            .map(EventType::getName)
            .collect(Collectors.toSet()),
        System.getProperty("os.name", ""));
  }

  /** Begins; what is not known to this JVM is not recorded. */
  static Recorder start(Source source, TaskSpans spans) {
    Recorder recorder = new Recorder(source, spans);
    try {
      recorder.begin();
      return recorder;
    } catch (RuntimeException failure) {
      recorder.close();
      throw failure;
    }
  }

  private void begin() {
    recording.setMaxSize(MAX_BYTES);
    source
        .events()
        .forEach((name, event) -> recording.enable(name).with(event.setting(), event.value()));
    recording.enable(LOST);
    spans.begin();
    recording.start();
  }

  /** Stops and adds up what was recorded. */
  Profile finish() throws IOException {
    recording.stop();
    TaskSpans.Lookup tasks = spans.end();
    Path file = Files.createTempFile("tensorfleet-profile-", ".jfr");
    try {
      recording.dump(file);
      return read(file, tasks);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Profile read(Path file, TaskSpans.Lookup tasks) throws IOException {
    Profile profile = new Profile(source.kind(), from);
    profile.lasted(Duration.between(from, recording.getStopTime()));
    profile.comment(source.comment());
    long lost = 0;
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        String name = event.getEventType().getName();
        source.event(name).ifPresent(known -> add(profile, event, known.weight(), tasks));
        lost += name.equals(LOST) ? event.getInt("lostSamples") : 0;
      }
    }
    if (lost > 0) {
      profile.comment("%d samples were lost".formatted(lost));
    }
    return profile;
  }

  private static void add(
      Profile profile, RecordedEvent event, Source.Weight weight, TaskSpans.Lookup tasks) {
    long value =
        switch (weight) {
          case Source.Timespan(String field) -> event.getDuration(field).toNanos();
          case Source.Amount(String field) -> event.getLong(field);
          case Source.Fixed(long fixed) -> fixed;
        };
    List<Frame> frames = JfrFrames.of(event);
    profile.add(new Stack(frames, labels(event, tasks)), 1, value);
  }

  private static Map<String, String> labels(RecordedEvent event, TaskSpans.Lookup tasks) {
    Optional<RecordedThread> thread = JfrFrames.thread(event);
    Map<String, String> labels = new TreeMap<>();
    thread.ifPresent(of -> labels.put("thread", JfrFrames.name(of)));
    thread
        .flatMap(of -> tasks.at(of.getJavaThreadId(), event.getStartTime()))
        .ifPresent(
            span -> {
              labels.put("task_id", span.taskId());
              labels.put("job_id", span.jobId());
            });
    return labels;
  }

  @Override
  public void close() {
    spans.end();
    recording.close();
  }
}
