package io.tensorfleet.worker.tls;

import java.util.List;

/** All that is wrong with a side's PEM files. */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String sentence;

  TlsException(List<String> mistakes) {
    this.sentence = String.join("; ", mistakes);
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
