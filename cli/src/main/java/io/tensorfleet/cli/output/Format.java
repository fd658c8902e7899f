package io.tensorfleet.cli.output;

/** The forms of {@code -o}. */
public enum Format {
  TABLE,
  WIDE,
  JSON
}
