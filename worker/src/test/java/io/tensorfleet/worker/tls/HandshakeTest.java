package io.tensorfleet.worker.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.tensorfleet.worker.tls.Authority.Span;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Who is let in, who is not, and in which words. */
class HandshakeTest extends Handshakes {
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
    Server plain =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build()
            .start();
    try {
      var channel =
          NettyChannelBuilder.forAddress("127.0.0.1", plain.getPort())
              .sslContext(client(ours.all()))
              .build();
      assertThat(words(channel)).contains("answers in plaintext", "TLS_CA_FILE");
    } finally {
      plain.shutdownNow();
    }
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
}
