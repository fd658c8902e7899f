package io.tensorfleet.cli;

/** What stopped a command, in a sentence for the person who typed it. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitStatus;

  private CliException(int exitStatus, String message) {
    super(message);
    this.exitStatus = exitStatus;
  }

  /** Exit status 1: the command was understood and could not be done. */
  public static CliException failed(String message) {
    return new CliException(1, message);
  }

  /** Exit status 2: what was typed cannot be accepted. */
  public static CliException refused(String message) {
    return new CliException(2, message);
  }

  public int exitStatus() {
    return exitStatus;
  }
}
