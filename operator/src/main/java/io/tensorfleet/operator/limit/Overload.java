package io.tensorfleet.operator.limit;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells an API server that has too much to do from one that says no.
 *
 * @param refused it did not look at the request, so that the same may be sent again whatever it was
 * @param retryAfter when it wants to be asked again
 */
record Overload(boolean refused, Optional<Duration> retryAfter) {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;
  private static final int TIMEOUT = 504;
  private static final int NO_ANSWER = 0;

  static Optional<Overload> of(KubernetesClientException failure) {
    return switch (failure.getCode()) {
      case TOO_MANY_REQUESTS -> Optional.of(new Overload(true, retryAfter(failure)));
      case UNAVAILABLE, TIMEOUT, NO_ANSWER -> Optional.of(new Overload(false, retryAfter(failure)));
      default -> Optional.empty();
    };
  }

  private static Optional<Duration> retryAfter(KubernetesClientException failure) {
    return Optional.ofNullable(failure.getStatus())
        .map(Status::getDetails)
        .map(StatusDetails::getRetryAfterSeconds)
        .filter(seconds -> seconds > 0)
        .map(Duration::ofSeconds);
  }
}
