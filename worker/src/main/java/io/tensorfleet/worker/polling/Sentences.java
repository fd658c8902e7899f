package io.tensorfleet.worker.polling;

import io.grpc.Status;

/** Says a status in a line. */
public final class Sentences {
  private Sentences() {}

  /** Code, description and cause: {@code UNAVAILABLE: io exception: Connection refused}. */
  public static String of(Status status) {
    StringBuilder sentence = new StringBuilder(status.getCode().name());
    String description = status.getDescription();
    if (description != null) {
      sentence.append(": ").append(description);
    }
    Throwable cause = status.getCause();
    if (cause != null && cause.getMessage() != null) {
      sentence.append(": ").append(cause.getMessage());
    }
    return sentence.toString();
  }
}
