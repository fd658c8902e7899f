package io.tensorfleet.cli;

import java.io.Console;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Whether stdout is a terminal, and how wide. */
final class Terminal {
  private static final int USUAL_WIDTH = 120;

  private Terminal() {}

  /** Empty when stdout is a file or a pipe. */
  static OptionalInt width() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).stream()
        .mapToInt(_ -> width(System.getenv()))
        .findFirst();
  }

  private static int width(Map<String, String> environment) {
    var columns = environment.getOrDefault("COLUMNS", "");
    return columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : USUAL_WIDTH;
  }
}
