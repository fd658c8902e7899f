package io.tensorfleet.worker.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import io.tensorfleet.worker.core.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** An event as bytes. */
abstract class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

  /** The event with all its line ends. */
  abstract String text(ILoggingEvent event);

  @Override
  public byte[] encode(ILoggingEvent event) {
    return text(event).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  static String time(ILoggingEvent event) {
    return TIME.format(Instant.ofEpochMilli(event.getTimeStamp()));
  }

  /** The logger without its package. */
  static String logger(ILoggingEvent event) {
    return Printable.line(
        event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1));
  }

  static String message(ILoggingEvent event) {
    return Optional.ofNullable(event.getFormattedMessage()).orElse("");
  }
}
