package io.tensorfleet.worker.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A ground for real handshakes on loopback: a server that demands certificates, and its files. */
abstract class Handshakes {
  static final InstantSource CLOCK = InstantSource.system();

  final Authority authority = new Authority("fleet");
  @TempDir Path path = Path.of(".");
  Folder theirs = new Folder(Path.of("."));
  Folder ours = new Folder(Path.of("."));

  private @Nullable LiveTls serving;
  private @Nullable Server server;

  @BeforeEach
  void serve() throws Exception {
    theirs = folder("server").trusts(authority).is(authority.issue("server", "localhost"));
    ours = folder("client").trusts(authority).is(authority.issue("client"));
    serve(new LiveTls(Contexts.SERVER, theirs.all(), CLOCK));
  }

  final void serve(LiveTls tls) throws IOException {
    stop();
    serving = tls;
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(tls)
            .addService(new HealthStatusManager().getHealthService())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.shutdownNow();
    }
  }

  private Folder folder(String name) throws IOException {
    return new Folder(Files.createDirectories(path.resolve(name)));
  }

  final Server server() {
    return Objects.requireNonNull(server);
  }

  final LiveTls serving() {
    return Objects.requireNonNull(serving);
  }

  final int port() {
    return server().getPort();
  }

  final NettyChannelBuilder to(LiveTls tls) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port())
        .sslContext(tls)
        .overrideAuthority("localhost");
  }

  static LiveTls client(TlsFiles files) throws TlsException {
    return new LiveTls(Contexts.CLIENT, files, CLOCK);
  }

  /** Throws where the call fails. */
  static void call(ManagedChannel channel) {
    try {
      ask(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  static void ask(ManagedChannel channel) {
    var _ =
        HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .check(HealthCheckRequest.getDefaultInstance());
  }

  static Status refusal(ManagedChannel channel) {
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> call(channel));
    assertThat(refused).as("the call was answered").isNotNull();
    return refused.getStatus();
  }

  final String refusal(TlsFiles files) throws TlsException {
    return words(to(client(files)).build());
  }

  static String words(ManagedChannel channel) {
    Status status = TlsWords.secured(refusal(channel));
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    return String.valueOf(status.getDescription());
  }
}
