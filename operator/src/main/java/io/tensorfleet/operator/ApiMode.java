package io.tensorfleet.operator;

/** How the operator writes to its API server. */
public enum ApiMode {
  /** As a real API server wants it. */
  SERVER_SIDE_APPLY("server-side-apply"),
  /** For the embedded mock API server, which knows neither server-side apply nor preconditions. */
  PLAIN("plain");

  private final String text;

  ApiMode(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
