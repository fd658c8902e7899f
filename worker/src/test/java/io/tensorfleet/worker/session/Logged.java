package io.tensorfleet.worker.session;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the worker logs meanwhile. */
final class Logged implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.tensorfleet.worker");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  Logged() {
    lines.start();
    logger.addAppender(lines);
  }

  /** Lines of a level of at least INFO that contain the text. */
  List<ILoggingEvent> with(String text) {
    return List.copyOf(lines.list).stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.INFO))
        .filter(event -> event.getFormattedMessage().contains(text))
        .toList();
  }

  /** Lines of whatever level that bring a stack trace. */
  List<ILoggingEvent> traces() {
    return List.copyOf(lines.list).stream()
        .filter(event -> event.getThrowableProxy() != null)
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(lines);
  }
}
