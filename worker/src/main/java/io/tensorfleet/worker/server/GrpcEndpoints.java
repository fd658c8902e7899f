package io.tensorfleet.worker.server;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.protobuf.services.HealthStatusManager;
import io.tensorfleet.proto.worker.WorkerServiceGrpc;
import io.tensorfleet.worker.core.DrainState;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.session.Session;
import io.tensorfleet.worker.telemetry.HealthReport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The worker's gRPC server: the earlier service, health, and reflection where it is asked for. A
 * caller that falls silent is found within 15 s.
 */
public final class GrpcEndpoints implements AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 4 << 20;
  private static final int MAX_METADATA_BYTES = 8 << 10;
  private static final int MAX_CALLS_PER_CONNECTION = 2048;

  private final HealthStatusManager health = new HealthStatusManager();
  private final OldWire oldWire;
  private final Server server;

  /**
   * Listens.
   *
   * @param tls absent: plaintext
   */
  public GrpcEndpoints(InetSocketAddress address, OldWireParts parts, Optional<SslContext> tls) {
    oldWire = new OldWire(parts);
    health.setStatus(WorkerServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
    NettyServerBuilder builder = limited(NettyServerBuilder.forAddress(address));
    tls.ifPresent(builder::sslContext);
    server =
        builder
            .directExecutor()
            .addService(Guard.around(oldWire))
            .addService(Guard.around(health.getHealthService()))
            .fallbackHandlerRegistry(new LazyReflection())
            .build();
    try {
      server.start();
    } catch (IOException | RuntimeException failure) {
      server.shutdownNow();
      throw Ports.failed("WORKER_PORT", address, failure);
    }
  }

  private static NettyServerBuilder limited(NettyServerBuilder builder) {
    return builder
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .maxInboundMetadataSize(MAX_METADATA_BYTES)
        .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
        .handshakeTimeout(10, TimeUnit.SECONDS)
        .maxConnectionIdle(10, TimeUnit.MINUTES)
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }

  /** What the earlier service works on. */
  public record OldWireParts(
      Session session, Runner runner, TaskTimeout timeout, Supplier<HealthReport> health) {}

  public int port() {
    return server.getPort();
  }

  /** Health answers NOT_SERVING from the first step on; what runs past the drain time is ended. */
  public void drain(DrainState state) {
    switch (state) {
      case DRAINING -> health.enterTerminalState();
      case HANDING_BACK -> oldWire.giveUp();
      case RUNNING, LEAVING -> {}
    }
  }

  /** Answers under way get half a second to reach their callers. */
  @Override
  public void close() {
    server.shutdown();
    try {
      var _ = server.awaitTermination(500, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    server.shutdownNow();
  }
}
