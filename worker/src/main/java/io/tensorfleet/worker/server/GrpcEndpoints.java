package io.tensorfleet.worker.server;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.session.Session;
import io.tensorfleet.worker.telemetry.HealthReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The worker's gRPC server: the earlier service, reflection and health. */
public final class GrpcEndpoints implements AutoCloseable {
  private final HealthStatusManager health = new HealthStatusManager();
  private final Server server;

  public GrpcEndpoints(InetSocketAddress address, OldWireParts parts) {
    server =
        NettyServerBuilder.forAddress(address)
            .directExecutor()
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(
                new OldWire(parts.session(), parts.runner(), parts.timeout(), parts.health()))
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build();
    try {
      server.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "WORKER_PORT: cannot listen on %s: %s".formatted(address, failure.getMessage()), failure);
    }
  }

  /** What the earlier service works on. */
  public record OldWireParts(
      Session session, Runner runner, TaskTimeout timeout, Supplier<HealthReport> health) {}

  public int port() {
    return server.getPort();
  }

  /** Health answers NOT_SERVING from here on. */
  public void enterDrain() {
    health.enterTerminalState();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
