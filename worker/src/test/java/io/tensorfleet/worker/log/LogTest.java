package io.tensorfleet.worker.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.TrainingTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

class LogTest {
  private static final String HOSTILE =
      "a\r\n2026-01-01T00:00:00.000Z ERROR Forged \u001b[31mred\u0085next\u2028line\u2029para\u202eturned\u0000 \"quoted\" \\";

  private static final TrainingTask TASK =
      new TrainingTask("task-1", "job-1", 2, TaskSpec.getDefaultInstance(), 0, Optional.empty());

  /** What a logger of its own says, encoded. */
  private static List<String> encoded(LineEncoder encoder, Consumer<Logger> saying) {
    List<String> texts = new ArrayList<>();
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(MDC.getMDCAdapter());
    Logger logger = context.getLogger("io.tensorfleet.worker.Speaker");
    logger.setLevel(Level.TRACE);
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            texts.add(encoder.text(event));
          }
        };
    appender.start();
    logger.addAppender(appender);
    saying.accept(logger);
    return texts;
  }

  private static JsonObject json(Consumer<Logger> saying) {
    String line = encoded(new JsonEncoder(), saying).getFirst();
    assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
    return JsonParser.parseString(line).getAsJsonObject();
  }

  private static void saysAsOneLine(String text) {
    assertThat(text).endsWith("\n");
    assertThat(text.substring(0, text.length() - 1))
        .doesNotMatch("(?s).*[\\p{Cntrl}\u0085\u2028\u2029\u202e].*");
  }

  @Test
  void aLineOfTextTellsTimeLevelLoggerAndMessage() {
    String text = encoded(new TextEncoder(), log -> log.info("slots: {}", 3)).getFirst();
    assertThat(text)
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  Speaker slots: 3\n");
  }

  @Test
  void whatIsLoggedOfATaskCarriesItsIdsAndTheContextBeforeComesBack() {
    List<String> texts =
        encoded(
            new TextEncoder(),
            log -> {
              try (TaskContext _ = TaskContext.of(TASK)) {
                try (TaskContext _ =
                    TaskContext.of(new TrainingTask("other", "job-2", TASK.spec()))) {
                  log.info("inner");
                }
                log.info("outer");
              }
              log.info("none");
            });
    assertThat(texts.get(0)).endsWith("inner task_id=other job_id=job-2\n");
    assertThat(texts.get(1)).endsWith("outer task_id=task-1 job_id=job-1 attempt=2\n");
    assertThat(texts.get(2)).endsWith("none\n");
  }

  @Test
  void inJsonTheIdsAreFieldsOfTheirOwn() {
    JsonObject line =
        json(
            log -> {
              try (TaskContext _ = TaskContext.of(TASK)) {
                log.warn("lease lost");
              }
            });
    assertThat(line.get("level").getAsString()).isEqualTo("WARN");
    assertThat(line.get("logger").getAsString()).isEqualTo("Speaker");
    assertThat(line.get("message").getAsString()).isEqualTo("lease lost");
    assertThat(line.get("task_id").getAsString()).isEqualTo("task-1");
    assertThat(line.get("job_id").getAsString()).isEqualTo("job-1");
    assertThat(line.get("attempt").getAsString()).isEqualTo("2");
    assertThat(line.has("error")).isFalse();
  }

  @Test
  void aHostileMessageAndHostileIdsStayOnOneLineOfText() {
    String text =
        encoded(
                new TextEncoder(),
                log -> {
                  try (TaskContext _ =
                      TaskContext.of(new TrainingTask(HOSTILE, HOSTILE, TASK.spec()))) {
                    log.info("a task {}", HOSTILE);
                  }
                })
            .getFirst();
    saysAsOneLine(text);
    assertThat(text).contains("a\\r\\n2026").contains("\\u{1b}[31m").contains("\\u{202e}");
  }

  @Test
  void anIdCannotPassForAnotherField() {
    String text =
        encoded(
                new TextEncoder(),
                log -> {
                  try (TaskContext _ =
                      TaskContext.of(new TrainingTask("x job_id=forged", "true", TASK.spec()))) {
                    log.info("started");
                  }
                })
            .getFirst();
    assertThat(text).endsWith("started task_id=\"x job_id=forged\" job_id=true\n");
  }

  @Test
  void inJsonHostileTextComesBackAsItWas() {
    JsonObject line = json(log -> log.info(HOSTILE));
    assertThat(line.get("message").getAsString()).isEqualTo(HOSTILE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "\udc00x", "x\ud83d", "\ud83d\ude00", "\ue000", "é ü 中"})
  void inJsonEveryTextIsAsciiSafeOrPlain(String text) {
    assertThat(json(log -> log.info(text)).get("message").getAsString()).isEqualTo(text);
  }

  @Test
  void aFailuresMessageCannotForgeALineAndItsFramesAreIndented() {
    String text =
        encoded(
                new TextEncoder(),
                log ->
                    log.error(
                        "it failed",
                        new IllegalStateException(HOSTILE, new RuntimeException("x\ny"))))
            .getFirst();
    List<String> lines = text.lines().toList();
    assertThat(lines.getFirst()).endsWith("ERROR Speaker it failed");
    assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("    "));
    assertThat(lines.get(1)).startsWith("    java.lang.IllegalStateException: a\\r\\n2026");
    assertThat(lines)
        .anyMatch(line -> line.equals("    caused by java.lang.RuntimeException: x\\ny"));
    assertThat(lines).anyMatch(line -> line.contains("at io.tensorfleet.worker.log.LogTest."));
  }

  @Test
  void inJsonAFailureIsOneField() {
    JsonObject line = json(log -> log.error("it failed", new IllegalStateException("why")));
    assertThat(line.get("error").getAsString())
        .startsWith("java.lang.IllegalStateException: why\n  at io.tensorfleet");
  }
}
