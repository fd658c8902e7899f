package io.tensorfleet.worker.tls;

import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TLS of the worker's connection and of its server, in step with their files. */
public final class TlsSides implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsSides.class);
  private static final long CHECK_SECONDS = 10;

  private final Optional<LiveTls> client;
  private final Optional<LiveTls> server;
  private final ScheduledExecutorService checks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("tls-files").factory());

  /** Reads the files, and again every ten seconds; throws a sentence where they cannot be used. */
  public TlsSides(Optional<TlsFiles> client, Optional<TlsFiles> server, InstantSource clock) {
    this.client = client.map(files -> live(Contexts.CLIENT, files, clock));
    this.server = server.map(files -> live(Contexts.SERVER, files, clock));
    if (client.isPresent() || server.isPresent()) {
      var _ =
          checks.scheduleWithFixedDelay(
              this::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static LiveTls live(Contexts side, TlsFiles files, InstantSource clock) {
    try {
      return new LiveTls(side, files, clock);
    } catch (TlsException wrong) {
      throw new UncheckedIOException(wrong.getMessage(), new IOException(wrong));
    }
  }

  private void check() {
    try {
      Stream.concat(client.stream(), server.stream()).forEach(LiveTls::check);
    } catch (RuntimeException failure) {
      LOG.error("the TLS files could not be checked", failure);
    }
  }

  /** For the connection to the orchestrator; empty: plaintext. */
  public Optional<SslContext> client() {
    return client.map(SslContext.class::cast);
  }

  /** For the worker's own server; empty: plaintext. */
  public Optional<SslContext> server() {
    return server.map(SslContext.class::cast);
  }

  @Override
  public void close() {
    checks.shutdownNow();
  }
}
