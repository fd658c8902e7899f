package io.tensorfleet.worker.tls;

import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TLS context that follows its PEM files: a new connection uses what they held at the last {@link
 * #check}, connections that are there live on. Files that cannot be used change nothing.
 */
public final class LiveTls extends SslContext {
  private static final Logger LOG = LoggerFactory.getLogger(LiveTls.class);

  private final Contexts side;
  private final TlsFiles files;
  private final InstantSource clock;

  private Contents seen;
  private String mistakes = "";
  private volatile SslContext current;

  /**
   * Reads the files; throws where they cannot be used. A server's clients have to show a
   * certificate where authorities are named.
   */
  LiveTls(Contexts side, TlsFiles files, InstantSource clock) throws TlsException {
    this.side = side;
    this.files = files;
    this.clock = clock;
    this.seen = Contents.of(files);
    this.current = context(seen);
  }

  /** Reads the files again; a mistake that is there already is not told again. */
  public synchronized void check() {
    Contents now = Contents.of(files);
    if (now.equals(seen) && mistakes.isEmpty()) {
      return;
    }
    seen = now;
    String before = mistakes;
    try {
      current = context(now);
      mistakes = "";
    } catch (TlsException wrong) {
      mistakes = wrong.getMessage();
    }
    if (!mistakes.isEmpty() && !mistakes.equals(before)) {
      LOG.warn("the former TLS credentials stay in use: {}", mistakes);
    }
  }

  private SslContext context(Contents contents) throws TlsException {
    return switch (CredentialCheck.of(files, contents, clock.instant())) {
      case CredentialCheck.Wrong(List<String> mistakes) -> throw new TlsException(mistakes);
      case CredentialCheck.Good(Credentials credentials) -> made(credentials);
    };
  }

  private SslContext made(Credentials credentials) throws TlsException {
    try {
      SslContext made = side.of(credentials);
      LOG.info(
          "TLS as {}: {}",
          side == Contexts.CLIENT ? "a client of the orchestrator" : "a server",
          credentials.identity().map(Object::toString).orElse("without a certificate of its own"));
      return made;
    } catch (SSLException failure) {
      throw new TlsException(List.of(files.all().toList() + ": " + failure.getMessage()));
    }
  }

  @Override
  public boolean isClient() {
    return current.isClient();
  }

  @Override
  public List<String> cipherSuites() {
    return current.cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // the type is part of what is overridden
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return current.applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return current.newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
    return current.newEngine(allocator, host, port);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return current.sessionContext();
  }
}
