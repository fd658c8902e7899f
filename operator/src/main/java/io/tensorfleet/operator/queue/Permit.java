package io.tensorfleet.operator.queue;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Asks before each attempt of a call whether it may leave. Attempts are repeated below
 * interceptors, where only credentials are asked for each of them anew, once there is a connection.
 * What is refused is not attempted again.
 */
final class Permit extends CallCredentials {
  private final BooleanSupplier mayLeave;

  Permit(BooleanSupplier mayLeave) {
    this.mayLeave = mayLeave;
  }

  @Override
  public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
    if (mayLeave.getAsBoolean()) {
      applier.apply(new Metadata());
    } else {
      applier.fail(Status.CANCELLED.withDescription("this operator does not act now"));
    }
  }
}
