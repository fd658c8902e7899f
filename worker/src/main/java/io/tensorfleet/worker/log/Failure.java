package io.tensorfleet.worker.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import io.tensorfleet.worker.core.Printable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A throwable as lines, none of which its message can break. */
final class Failure {
  private static final int MAX_FRAMES = 60;
  private static final int MAX_CAUSES = 8;

  private Failure() {}

  static List<String> lines(IThrowableProxy failure) {
    List<String> lines = new ArrayList<>();
    String prefix = "";
    @Nullable IThrowableProxy next = failure;
    for (int depth = 0; next != null && depth < MAX_CAUSES; depth++) {
      String message = next.getMessage() == null ? "" : ": " + next.getMessage();
      lines.add(Printable.line(prefix + next.getClassName() + message));
      frames(next, lines);
      prefix = "caused by ";
      next = next.getCause();
    }
    return lines;
  }

  private static void frames(IThrowableProxy failure, List<String> lines) {
    StackTraceElementProxy[] frames = failure.getStackTraceElementProxyArray();
    int own = frames.length - failure.getCommonFrames();
    for (int i = 0; i < Math.min(own, MAX_FRAMES); i++) {
      lines.add("  " + Printable.line(frames[i].getSTEAsString()));
    }
    if (own > MAX_FRAMES) {
      lines.add("  … " + (own - MAX_FRAMES) + " more");
    }
  }
}
