package io.tensorfleet.worker.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.tensorfleet.worker.WorkerConfig;
import io.tensorfleet.worker.server.LogLevel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets up the log by code, which starts quicker than a file that must be found and parsed. */
public final class LogSetup {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogSetup.class);

  private LogSetup() {}

  public static void apply(WorkerConfig.Log settings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setEncoder(encoder(settings.format(), context));
    console.start();
    Logger root = root();
    root.addAppender(console);
    set(Level.toLevel(settings.level().name()));
    SLF4JBridgeHandler.removeHandlersForRootLogger(); // gRPC's own lines come here as well
    SLF4JBridgeHandler.install();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> root.error("the thread {} ended", thread.getName(), failure));
  }

  private static Encoder<ILoggingEvent> encoder(WorkerConfig.Format format, LoggerContext context) {
    LineEncoder encoder =
        switch (format) {
          case JSON -> new JsonEncoder();
          case TEXT -> new TextEncoder();
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  /** The level of all; gRPC tells too much below warnings. */
  private static void set(Level level) {
    root().setLevel(level);
    Level grpc = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
    root().getLoggerContext().getLogger("io.grpc").setLevel(grpc);
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  /** The level while the worker runs. */
  public static LogLevel level() {
    return new RootLevel();
  }

  private static final class RootLevel implements LogLevel {
    private static final List<String> NAMES =
        Arrays.stream(WorkerConfig.Level.values())
            .map(level -> level.name().toLowerCase(Locale.ROOT))
            .toList();

    @Override
    public String shown() {
      return root().getLevel().toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public String accepted() {
      return "one of " + String.join(", ", NAMES);
    }

    @Override
    public boolean set(String level) {
      if (!NAMES.contains(level)) {
        return false;
      }
      String before = shown();
      LogSetup.set(Level.toLevel(level));
      LOG.warn("the log's level is {} from here on; it was {}", level, before);
      return true;
    }
  }
}
