package io.tensorfleet.operator.limit;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** How a write ended, as far as that tells of the API server. */
sealed interface Ending {
  /** The client's code where a cause says more, and where nothing does. */
  int NO_ANSWER = -1;

  int NO_CODE = 0;

  /** Who did not answer has not asked for a pause: one under way at a time is patience enough. */
  Optional<Duration> AT_ONCE = Optional.of(Duration.ZERO);

  /** It answered, with yes or no. */
  record Answered() implements Ending {}

  /**
   * It has too much to do, or did not answer.
   *
   * @param refused it did not look at the request, so that the same may be sent again whatever it
   *     was
   * @param retryAfter when it wants to be asked again
   */
  record Overloaded(boolean refused, Optional<Duration> retryAfter) implements Ending {}

  /** Nothing: the write did not leave, or was given up here before there was an answer. */
  record Untold() implements Ending {}

  static Ending of(KubernetesClientException failure) {
    return switch (failure.getCode()) {
      case 429 -> new Overloaded(true, retryAfter(failure));
      case 503, 504 -> new Overloaded(false, retryAfter(failure));
      case NO_ANSWER, NO_CODE ->
          isOwnDoing(failure) ? new Untold() : new Overloaded(false, AT_ONCE);
      default -> new Answered();
    };
  }

  private static boolean isOwnDoing(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .anyMatch(cause -> cause instanceof Unsent || cause instanceof InterruptedException);
  }

  private static Optional<Duration> retryAfter(KubernetesClientException failure) {
    return Optional.ofNullable(failure.getStatus())
        .map(Status::getDetails)
        .map(StatusDetails::getRetryAfterSeconds)
        .filter(seconds -> seconds > 0)
        .map(Duration::ofSeconds);
  }
}
