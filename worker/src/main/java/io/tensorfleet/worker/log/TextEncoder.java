package io.tensorfleet.worker.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.tensorfleet.worker.core.Printable;
import java.util.Map;

/** Time, level, logger, message, then what it is about; a failure follows on indented lines. */
final class TextEncoder extends LineEncoder {
  @Override
  String text(ILoggingEvent event) {
    StringBuilder text = new StringBuilder(time(event)).append(' ');
    text.append("%-5s".formatted(event.getLevel())).append(' ');
    text.append(logger(event)).append(' ').append(Printable.line(message(event)));
    Map<String, String> context = event.getMDCPropertyMap();
    for (String key : TaskContext.KEYS) {
      String value = context.getOrDefault(key, "");
      if (!value.isEmpty()) {
        text.append(' ').append(key).append('=').append(shown(value));
      }
    }
    text.append('\n');
    if (event.getThrowableProxy() != null) {
      for (String line : Failure.lines(event.getThrowableProxy())) {
        text.append("    ").append(line).append('\n');
      }
    }
    return text.toString();
  }

  /** One with a space is quoted, so that it cannot pass for two. */
  private static String shown(String value) {
    String line = Printable.line(value);
    return line.indexOf(' ') < 0 && line.indexOf('"') < 0
        ? line
        : '"' + line.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
