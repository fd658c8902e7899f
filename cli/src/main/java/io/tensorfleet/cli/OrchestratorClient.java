package io.tensorfleet.cli;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tensorfleet.proto.v1.JobServiceGrpc;
import io.tensorfleet.proto.v1.JobServiceGrpc.JobServiceBlockingStub;
import io.tensorfleet.proto.v1.JobServiceGrpc.JobServiceStub;
import io.tensorfleet.proto.v1.QueueServiceGrpc;
import io.tensorfleet.proto.v1.QueueServiceGrpc.QueueServiceBlockingStub;
import io.tensorfleet.proto.v1.QueueServiceGrpc.QueueServiceStub;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One plaintext connection to an orchestrator; every unary call has a deadline, UNAVAILABLE is
 * tried again.
 */
public final class OrchestratorClient implements AutoCloseable {
  private static final long CALL_SECONDS = 20;
  private static final Map<String, ?> RETRIES =
      Map.of(
          "methodConfig",
          List.of(
              Map.of(
                  "name",
                  List.of(Map.of()),
                  "retryPolicy",
                  Map.of(
                      "maxAttempts",
                      4.0,
                      "initialBackoff",
                      "0.1s",
                      "maxBackoff",
                      "1s",
                      "backoffMultiplier",
                      2.0,
                      "retryableStatusCodes",
                      List.of("UNAVAILABLE")))));

  private final ManagedChannel channel;

  public OrchestratorClient(String address) {
    this.channel =
        NettyChannelBuilder.forTarget(address)
            .usePlaintext()
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .defaultServiceConfig(RETRIES)
            .enableRetry()
            .build();
  }

  public JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
  }

  public QueueServiceBlockingStub queue() {
    return QueueServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
  }

  /** For streams: no deadline. */
  public JobServiceStub jobStreams() {
    return JobServiceGrpc.newStub(channel);
  }

  /** For streams: no deadline. */
  public QueueServiceStub queueStreams() {
    return QueueServiceGrpc.newStub(channel);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
