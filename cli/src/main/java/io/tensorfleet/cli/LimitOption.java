package io.tensorfleet.cli;

import picocli.CommandLine.Option;

/** {@code --limit}, for lists. */
final class LimitOption {
  /** Rows asked for at once. */
  static final int PAGE = 500;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most this many (default: ${DEFAULT-VALUE}).")
  int limit = 100;

  int most() {
    if (limit < 1) {
      throw CliException.refused("--limit " + limit + ": accepted are whole numbers from 1");
    }
    return limit;
  }

  int page() {
    return Math.min(most(), PAGE);
  }
}
