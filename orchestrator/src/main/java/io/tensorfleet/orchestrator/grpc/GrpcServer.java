package io.tensorfleet.orchestrator.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC server with health and reflection. Handlers run on the event loop and only hand over.
 */
public final class GrpcServer implements AutoCloseable {
  private static final int LARGEST_MESSAGE = 4 << 20;
  private final Server server;
  private final HealthStatusManager health;

  private GrpcServer(Server server, HealthStatusManager health) {
    this.server = server;
    this.health = health;
  }

  /** Listens; a half-open connection is found within 15 s. */
  public static GrpcServer start(InetSocketAddress address, List<BindableService> services) {
    HealthStatusManager health = new HealthStatusManager();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .directExecutor()
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS);
    services.forEach(builder::addService);
    builder
        .addService(health.getHealthService())
        .addService(ProtoReflectionServiceV1.newInstance());
    try {
      Server server = builder.build().start();
      services.forEach(
          s ->
              health.setStatus(
                  s.bindService().getServiceDescriptor().getName(), ServingStatus.SERVING));
      return new GrpcServer(server, health);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen for gRPC on " + address + ": " + e.getMessage(), e);
    }
  }

  public int port() {
    return server.getPort();
  }

  /** Tells health checkers that this server is leaving and takes no new calls. */
  public void leave() {
    if (!server.isShutdown()) {
      health.enterTerminalState();
      server.shutdown();
    }
  }

  @Override
  public void close() {
    leave();
    try {
      if (!server.awaitTermination(2, TimeUnit.SECONDS)) {
        server.shutdownNow();
        server.awaitTermination(2, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
