package io.tensorfleet.operator.tls;

/** What is wrong with a file's text, and what is accepted. */
final class PemException extends Exception {
  private static final long serialVersionUID = 1L;

  PemException(String wrong, String accepted) {
    super(wrong + "; accepted: " + accepted);
  }
}
