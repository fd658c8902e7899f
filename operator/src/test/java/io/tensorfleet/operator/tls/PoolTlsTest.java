package io.tensorfleet.operator.tls;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.tensorfleet.crds.OrchestratorRef;
import io.tensorfleet.operator.FakeQueue;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.queue.Channels;
import io.tensorfleet.operator.queue.Cordons;
import io.tensorfleet.operator.queue.QueueKey;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.operator.queue.QueueWatcher;
import io.tensorfleet.operator.queue.Targets;
import io.tensorfleet.operator.queue.WatchTiming;
import io.tensorfleet.operator.tls.Authority.Issued;
import io.tensorfleet.operator.tls.TlsFiles.Named;
import io.tensorfleet.operator.tls.TlsFiles.Pair;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's connection to the orchestrator of a pool that asks for TLS. */
class PoolTlsTest {
  private static final PoolKey POOL = new PoolKey("n", "demo");

  @TempDir private Path folder;
  private final Authority authority = new Authority("trusted");
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T own(T part) {
    open.add(part);
    return part;
  }

  private FakeQueue secured(Issued server) throws IOException {
    ServerCredentials credentials =
        TlsServerCredentials.newBuilder()
            .keyManager(stream(server.certificatePem()), stream(server.keyPem()))
            .trustManager(stream(authority.pem()))
            .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
            .build();
    return own(new FakeQueue(0, credentials));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private TlsFiles files(Authority trusted, Issued own) throws IOException {
    Path ca = folder.resolve("ca.crt");
    Path certificate = folder.resolve("tls.crt");
    Path key = folder.resolve("tls.key");
    Authority.replace(ca, trusted.pem());
    own.write(certificate, key);
    return new TlsFiles(
        new Named("CA", ca),
        Optional.of(new Pair(new Named("CERT", certificate), new Named("KEY", key))),
        Optional.empty());
  }

  private static String target(FakeQueue queue) {
    return Targets.of(
        new OrchestratorRef(queue.address(), new OrchestratorRef.Tls("certificates")), "unused:1");
  }

  private QueueWatcher watcher(Channels channels) {
    WatchTiming quick =
        new WatchTiming(
            Duration.ofSeconds(15),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(5));
    return own(new QueueWatcher(channels, quick, InstantSource.system(), _ -> {}));
  }

  private Channels channels(TlsFiles files) {
    LiveTls tls = own(LiveTls.of(files, InstantSource.system()));
    return own(Channels.open(Optional.of(tls)));
  }

  private static void isKnown(QueueWatcher watcher, QueueKey key) throws Throwable {
    eventually(() -> assertThat(watcher.read(key)).isInstanceOf(QueueReading.Known.class));
  }

  private static void isUnknown(QueueWatcher watcher, QueueKey key, String why) throws Throwable {
    eventually(
        () ->
            assertThat(watcher.read(key))
                .isInstanceOfSatisfying(
                    QueueReading.Unknown.class,
                    unknown -> assertThat(unknown.reason()).contains(why)));
  }

  @Test
  void theQueueIsWatchedAndWorkersAreCordonedInMutualTls() throws Throwable {
    FakeQueue queue = secured(authority.issue("queue", "localhost"));
    Channels channels = channels(files(authority, authority.issue("operator")));
    var key = new QueueKey(target(queue), "default");
    QueueWatcher watcher = watcher(channels);
    watcher.follow(POOL, key);
    queue.worker("w", 0);

    isKnown(watcher, key);
    assertThat(
            Cordons.overGrpc(channels, () -> true)
                .cordonIfIdle(key.address(), "w", "first", "test"))
        .isInstanceOf(Cordons.Answer.Cordoned.class);
  }

  @Test
  void anOrchestratorOfAnotherAuthorityIsNotTrusted() throws Throwable {
    FakeQueue queue = secured(new Authority("stranger").issue("queue", "localhost"));
    var key = new QueueKey(target(queue), "default");
    QueueWatcher watcher = watcher(channels(files(authority, authority.issue("operator"))));
    watcher.follow(POOL, key);

    isUnknown(watcher, key, "UNAVAILABLE");
  }

  @Test
  void aCertificateForAnotherHostIsNotTrusted() throws Throwable {
    FakeQueue queue = secured(authority.issue("queue", "elsewhere.example"));
    var key = new QueueKey(target(queue), "default");
    QueueWatcher watcher = watcher(channels(files(authority, authority.issue("operator"))));
    watcher.follow(POOL, key);

    isUnknown(watcher, key, "UNAVAILABLE");
  }

  @Test
  void withoutFilesTheQueueIsUnknownWithASentenceAndNothingGoesInPlaintext() throws Throwable {
    FakeQueue plain = own(new FakeQueue());
    var key = new QueueKey(target(plain), "default");
    Channels channels = own(Channels.open(Optional.empty()));
    QueueWatcher watcher = watcher(channels);
    watcher.follow(POOL, key);

    isUnknown(watcher, key, "set ORCHESTRATOR_TLS_CA_FILE at the operator");
    assertThat(Cordons.overGrpc(channels, () -> true).cordonIfIdle(key.address(), "w", "", "test"))
        .isInstanceOf(Cordons.Answer.Failed.class);
    assertThat(plain.opened()).isZero();
  }

  @Test
  void onePoolInTlsAndOneInPlaintextAtOneAddressDoNotShareAConnection() throws Throwable {
    FakeQueue plain = own(new FakeQueue());
    Channels channels = own(Channels.open(Optional.empty()));
    QueueWatcher watcher = watcher(channels);
    var secured = new QueueKey(target(plain), "default");
    var open =
        new QueueKey(Targets.of(new OrchestratorRef(plain.address(), null), "unused:1"), "default");
    watcher.follow(POOL, secured);
    watcher.follow(new PoolKey("n", "other"), open);

    isKnown(watcher, open);
    isUnknown(watcher, secured, "orchestrator.tls");
  }

  @Test
  void aRenewedCertificateIsUsedByTheNextConnection() throws Throwable {
    Authority next = new Authority("next");
    TlsFiles files = files(next, next.issue("operator"));
    LiveTls tls = own(LiveTls.of(files, InstantSource.system()));
    Channels channels = own(Channels.open(Optional.of(tls)));
    FakeQueue queue = secured(authority.issue("queue", "localhost"));
    var key = new QueueKey(target(queue), "default");
    QueueWatcher watcher = watcher(channels);
    watcher.follow(POOL, key);
    isUnknown(watcher, key, "UNAVAILABLE");

    files(authority, authority.issue("operator"));
    tls.check();

    isKnown(watcher, key);
  }

  @Test
  void filesThatCannotBeUsedAreNamedWithTheirVariable() throws Exception {
    TlsFiles files = files(authority, authority.issue("operator"));
    assertThat(files.mistakes(Instant.now())).isEmpty();
    assertThat(files.mistakes(Instant.now().plus(Duration.ofDays(9))))
        .singleElement()
        .asString()
        .contains("CERT=", "not valid now");

    Authority.replace(folder.resolve("tls.key"), authority.issue("other").keyPem());
    Authority.replace(folder.resolve("ca.crt"), "nothing");

    assertThat(files.mistakes(Instant.now()))
        .hasSize(2)
        .anySatisfy(m -> assertThat(m).contains("CA=", "holds no certificate"))
        .anySatisfy(m -> assertThat(m).contains("KEY=", "does not belong"));
  }
}
