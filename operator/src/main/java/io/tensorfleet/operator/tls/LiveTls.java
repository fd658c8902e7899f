package io.tensorfleet.operator.tls;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS that follows its files: a new connection uses what they held at the last {@link #check},
 * connections that are there live on. Files that cannot be used change nothing.
 */
public final class LiveTls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveTls.class);
  private static final long CHECK_SECONDS = 10;

  /** Without OpenSSL no native library is written to a disk that may be read-only. */
  private static final String NO_NATIVE = "io.grpc.netty.shaded.io.netty.handler.ssl.noOpenSsl";

  private final TlsFiles files;
  private final InstantSource clock;
  private final AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager trusted;
  private final ScheduledExecutorService checks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("tls-files").factory());
  private Optional<Credentials> current = Optional.empty();
  private String told = "";

  private LiveTls(TlsFiles files, InstantSource clock) {
    System.getProperties().putIfAbsent(NO_NATIVE, "true");
    this.files = files;
    this.clock = clock;
    try {
      this.trusted = AdvancedTlsX509TrustManager.newBuilder().build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no X.509 trust manager", e);
    }
  }

  /** Reads the files now and again every ten seconds. */
  public static LiveTls of(TlsFiles files, InstantSource clock) {
    var tls = new LiveTls(files, clock);
    tls.check();
    var _ =
        tls.checks.scheduleWithFixedDelay(
            tls::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    return tls;
  }

  public ChannelCredentials credentials() {
    var builder = TlsChannelCredentials.newBuilder().trustManager(trusted);
    return files.own().isPresent() ? builder.keyManager(own).build() : builder.build();
  }

  /** The name that certificates must be for, where it is not the host of the address. */
  public Optional<String> serverName() {
    return files.serverName();
  }

  /** Reads the files again; a mistake that is there already is not told again. */
  public synchronized void check() {
    switch (Credentials.read(files, clock.instant())) {
      case Credentials.Reading.Good(Credentials read) -> use(read);
      case Credentials.Reading.Wrong(List<String> mistakes) ->
          tell("the former TLS credentials stay in use: " + String.join(" ", mistakes));
    }
  }

  private void use(Credentials read) {
    told = "";
    if (current.isPresent() && current.get().equals(read)) {
      return;
    }
    try {
      trusted.updateTrustCredentials(read.authorities().toArray(new X509Certificate[0]));
      if (read.identity().isPresent()) {
        var identity = read.identity().get();
        own.updateIdentityCredentials(
            identity.chain().toArray(new X509Certificate[0]), identity.key());
      }
      current = Optional.of(read);
      log.info(
          "TLS towards orchestrators: {}",
          read.identity().map(Object::toString).orElse("without a certificate of its own"));
    } catch (IOException | GeneralSecurityException e) {
      tell("the TLS files cannot be used: " + e.getMessage());
    }
  }

  private void tell(String sentence) {
    if (!sentence.equals(told)) {
      log.warn("{}", sentence);
    }
    told = sentence;
  }

  @Override
  public void close() {
    checks.shutdownNow();
  }
}
