package io.tensorfleet.cli;

import io.tensorfleet.cli.output.Format;
import picocli.CommandLine.Option;

/** {@code -o}, for every command that prints something. */
final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How to print: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Format format = Format.TABLE;

  boolean json() {
    return format == Format.JSON;
  }
}
