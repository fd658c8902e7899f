package io.tensorfleet.worker.profile;

import io.tensorfleet.worker.profile.Profile.Frame;
import java.util.List;
import java.util.Optional;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;

/** Reads stacks and threads of recorded events. */
final class JfrFrames {
  private static final int NO_LINE = 65_535;
  private static final Frame UNREADABLE = new Frame("[stack not readable]", "", "", 0);

  private JfrFrames() {}

  /** The innermost first; never empty. */
  static List<Frame> of(RecordedEvent event) {
    RecordedStackTrace trace = event.getStackTrace();
    if (trace == null || trace.getFrames().isEmpty()) {
      return List.of(UNREADABLE);
    }
    return trace.getFrames().stream().map(JfrFrames::frame).toList();
  }

  private static Frame frame(RecordedFrame frame) {
    RecordedMethod method = frame.getMethod();
    String className = JavaNames.stable(method.getType().getName());
    String function = className + "." + method.getName();
    int line = frame.getLineNumber();
    return new Frame(
        function,
        function + method.getDescriptor(),
        JavaNames.sourceFile(className),
        line == NO_LINE ? 0 : Math.max(0, line));
  }

  /** The thread that the event is about. */
  static Optional<RecordedThread> thread(RecordedEvent event) {
    String field = event.hasField("sampledThread") ? "sampledThread" : "eventThread";
    return event.hasField(field) ? Optional.ofNullable(event.getThread(field)) : Optional.empty();
  }

  static String name(RecordedThread thread) {
    String javaName = thread.getJavaName();
    if (javaName != null && !javaName.isEmpty()) {
      return javaName;
    }
    return thread.isVirtual()
        ? "virtual"
        : Optional.ofNullable(thread.getOSName()).orElse("unnamed");
  }
}
