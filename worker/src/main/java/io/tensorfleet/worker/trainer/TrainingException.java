package io.tensorfleet.worker.trainer;

/** A run that failed for a known reason. */
public final class TrainingException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  public TrainingException(String sentence, boolean retryable) {
    super(sentence);
    this.retryable = retryable;
  }

  /** False where the task itself is wrong, so that no other try can succeed. */
  public boolean retryable() {
    return retryable;
  }
}
