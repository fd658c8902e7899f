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
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.protobuf.services.HealthStatusManager;
import io.tensorfleet.worker.tls.Authority.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real handshakes on loopback: a server that demands certificates, and clients of many kinds. */
class LiveTlsTest {
  private static final InstantSource CLOCK = InstantSource.system();

  private final Authority authority = new Authority("fleet");
  @TempDir private Path path;
  private Folder theirs = new Folder(Path.of("."));
  private Folder ours = new Folder(Path.of("."));

  private @Nullable LiveTls serving;
  private @Nullable Server server;

  @BeforeEach
  void serve() throws Exception {
    theirs = folder("server").trusts(authority).is(authority.issue("server", "localhost"));
    ours = folder("client").trusts(authority).is(authority.issue("client"));
    serve(new LiveTls(Contexts.SERVER, theirs.all(), CLOCK));
  }

  private void serve(LiveTls tls) throws IOException {
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

  private Server server() {
    return Objects.requireNonNull(server);
  }

  private LiveTls serving() {
    return Objects.requireNonNull(serving);
  }

  private int port() {
    return server().getPort();
  }

  private NettyChannelBuilder to(LiveTls tls) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port())
        .sslContext(tls)
        .overrideAuthority("localhost");
  }

  private static LiveTls client(TlsFiles files) throws TlsException {
    return new LiveTls(Contexts.CLIENT, files, CLOCK);
  }

  /** Throws where the call fails. */
  private static void call(ManagedChannel channel) {
    try {
      ask(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private static void ask(ManagedChannel channel) {
    var _ =
        HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .check(HealthCheckRequest.getDefaultInstance());
  }

  private static Status refusal(ManagedChannel channel) {
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> call(channel));
    assertThat(refused).as("the call was answered").isNotNull();
    return refused.getStatus();
  }

  private String refusal(TlsFiles files) throws TlsException {
    return words(to(client(files)).build());
  }

  private static String words(ManagedChannel channel) {
    Status status = TlsWords.secured(refusal(channel));
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    return String.valueOf(status.getDescription());
  }

  @Test
  void theRightCertificateIsAccepted() throws Exception {
    call(to(client(ours.all())).build());
  }

  @Test
  void aClientWithoutCertificateIsRefused() throws Exception {
    assertThat(refusal(ours.authoritiesOnly())).contains("demands a certificate", "TLS_CERT_FILE");
  }

  @Test
  void aClientOfAnotherAuthorityIsRefused() throws Exception {
    ours.is(new Authority("another").issue("client"));
    assertThat(refusal(ours.all())).contains("demands a certificate", "TLS_CERT_FILE");
  }

  @Test
  void aClientOfAnotherAuthorityOfTheSameNameIsRefused() throws Exception {
    ours.is(new Authority("fleet").issue("client"));
    assertThat(refusal(ours.all())).contains("refused this worker's", "TLS_CERT_FILE");
  }

  @Test
  void aClientWhoseCertificateIsOverIsRefused() throws Exception {
    InstantSource before = () -> CLOCK.instant().minus(Duration.ofHours(36));
    ours.is(authority.issue(Span.OVER, "EC", "client"));
    LiveTls over = new LiveTls(Contexts.CLIENT, ours.all(), before);
    assertThat(words(to(over).build())).contains("refused this worker's", "TLS_CERT_FILE");
  }

  @Test
  void aServerOfAnotherAuthorityIsRefused() throws Exception {
    ours.trusts(new Authority("another"));
    assertThat(refusal(ours.all())).contains("does not come from an authority in TLS_CA_FILE");
  }

  @Test
  void aServerWhoseCertificateIsOverIsRefused() throws Exception {
    InstantSource before = () -> CLOCK.instant().minus(Duration.ofHours(36));
    theirs.is(authority.issue(Span.OVER, "EC", "server", "localhost"));
    serve(new LiveTls(Contexts.SERVER, theirs.pairOnly(), before));
    assertThat(refusal(ours.authoritiesOnly())).contains("has expired");
  }

  @Test
  void aServerOfAnotherNameIsRefused() throws Exception {
    assertThat(words(to(client(ours.all())).overrideAuthority("elsewhere").build()))
        .contains("for another name", "elsewhere", "TLS_SERVER_NAME");
  }

  @Test
  void aPlaintextServerIsToldAsOne() throws Exception {
    server().shutdownNow();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build()
            .start();
    assertThat(refusal(ours.all())).contains("answers in plaintext", "TLS_CA_FILE");
  }

  @Test
  void aPlaintextClientIsRefusedAndToldWhatToSet() {
    Status status =
        refusal(NettyChannelBuilder.forAddress("127.0.0.1", port()).usePlaintext().build());
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(TlsWords.plain(status).getDescription()).contains("set TLS_CA_FILE");
  }

  @Test
  void tls11IsNotSpoken() throws Exception {
    assertThat(client(ours.all()).newEngine(ByteBufAllocator.DEFAULT).getEnabledProtocols())
        .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    assertThat(serving().newEngine(ByteBufAllocator.DEFAULT).getEnabledProtocols())
        .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
  }

  @Test
  void rotationOnBothSidesUnderLoadFailsNoCall() throws Exception {
    LiveTls client = client(ours.all());
    ManagedChannel standing = to(client).build();
    for (int i = 0; i < 60; i++) {
      switch (i % 6) {
        case 1 -> theirs.is(authority.issue("server", "localhost"));
        case 2 -> serving().check();
        case 4 -> ours.is(authority.issue("client"));
        case 5 -> client.check();
        default -> {}
      }
      call(to(client).build());
      ask(standing);
    }
    standing.shutdownNow();
  }

  @Test
  void aNewConnectionUsesTheNewCredentialsAndAStandingOneLivesOn() throws Exception {
    LiveTls client = client(ours.all());
    ManagedChannel standing = to(client).build();
    ask(standing);
    Authority next = new Authority("next");
    theirs.trusts(next).is(next.issue("server", "localhost"));
    serving().check();

    ask(standing);
    assertThat(words(to(client).build())).contains("does not come from an authority");
    ours.trusts(next);
    client.check();
    assertThat(words(to(client).build())).contains("demands a certificate");
    ours.is(next.issue("client"));
    client.check();
    call(to(client).build());
    ask(standing);
    standing.shutdownNow();
  }

  @Test
  void filesThatDoNotFitKeepTheFormerCredentialsUntilTheyFit() throws Exception {
    LiveTls client = client(ours.all());
    Authority.Issued next = authority.issue("server", "127.0.0.1");
    Authority.replace(theirs.pair().key().path(), next.keyPem());
    serving().check();
    call(to(client).build());
    Files.delete(theirs.authorities().path());
    serving().check();
    call(to(client).build());

    theirs.trusts(authority).is(next);
    serving().check();

    assertThat(words(to(client).build())).contains("for another name");
    call(to(client).overrideAuthority("127.0.0.1").build());
  }

  @Test
  void aVolumeWhoseLinkIsTurnedIsNoticed() throws Exception {
    Path first = Files.createDirectory(path.resolve("..first"));
    Path second = Files.createDirectory(path.resolve("..second"));
    new Folder(first).is(authority.issue("server", "first.example"));
    new Folder(second).is(authority.issue("server", "second.example"));
    Path link = Files.createSymbolicLink(path.resolve("..data"), first);
    serve(new LiveTls(Contexts.SERVER, new Folder(link).pairOnly(), CLOCK));
    LiveTls client = client(ours.authoritiesOnly());
    call(to(client).overrideAuthority("first.example").build());

    Path turned = Files.createSymbolicLink(path.resolve("..data_tmp"), second);
    Files.move(turned, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    serving().check();

    call(to(client).overrideAuthority("second.example").build());
  }
}
