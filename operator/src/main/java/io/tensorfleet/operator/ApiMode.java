package io.tensorfleet.operator;

/** How the operator writes to its API server. */
public enum ApiMode {
  /** Each write names the very object that it is meant for: a real API server sees to it. */
  EXACT("exact"),
  /** For the embedded mock API server, which knows no preconditions. */
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
