package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it takes the process's streams")
class MainTest {
  private String out = "";
  private String err = "";

  private int status(IntSupplier program) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    try {
      return program.getAsInt();
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
      out = outBytes.toString(StandardCharsets.UTF_8);
      err = errBytes.toString(StandardCharsets.UTF_8);
    }
  }

  @Test
  void helpTellsEverySettingAndExitStatus() {
    assertThat(status(() -> Main.answer(List.of("--help")))).isZero();
    Settings.all().forEach(setting -> assertThat(out).contains(setting.names()));
    Settings.all().forEach(setting -> assertThat(out).contains(setting.kind().accepted()));
    assertThat(out).contains("143");
    assertThat(err).isEmpty();
  }

  @Test
  void theVersionIsOneLine() {
    assertThat(status(() -> Main.answer(List.of("--version")))).isZero();
    assertThat(out.lines()).singleElement().asString().startsWith("tensorfleet-worker ");
  }

  @Test
  void anyOtherArgumentIsRefusedOnOneLine() {
    for (List<String> wrong :
        List.of(List.of("--port"), List.of("--help", "more"), List.of("a\nWORKER_ID: forged"))) {
      assertThat(status(() -> Main.answer(wrong))).isEqualTo(2);
      assertThat(err.lines()).singleElement().asString().contains("--help, --version");
      assertThat(out).isEmpty();
    }
  }

  @Test
  void aWrongEnvironmentIsToldALineEachAndEndsWithTwo() {
    Map<String, String> wrong =
        Map.of("WORKER_ID", "a\nb\u2028c", "PORT", "x".repeat(500), "LOG_LEVEL", "\u001b[31m");
    assertThat(status(() -> Main.run(wrong))).isEqualTo(2);
    assertThat(err.lines()).hasSize(3).allMatch(line -> line.length() < 300);
    assertThat(err).contains("WORKER_ID: \"a\\nb\\u{2028}c\"").doesNotContain("\u001b");
  }

  @Test
  void aValueThatLooksLikeASecretIsNotShown() {
    Map<String, String> wrong =
        Map.of(
            "ORCHESTRATOR_ADDRESS",
            "https://me:hunter2@host:1",
            "TASK_TIMEOUT",
            "-----BEGIN PRIVATE KEY-----\nhunter2");
    assertThat(status(() -> Main.run(wrong))).isEqualTo(2);
    assertThat(err.lines()).hasSize(2);
    assertThat(err).contains("ORCHESTRATOR_ADDRESS: ").doesNotContain("hunter2");
  }
}
