package io.tensorfleet.e2e.drill;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Stands before an API server, HTTP in front and TLS behind, and makes it bad company: it answers
 * some requests with errors, loses the answers to others, cuts watches and tells that their place
 * is gone.
 */
final class ChaosProxy implements AutoCloseable {
  private static final int ERRORS_PERCENT = 20;
  private static final int LOST_PERCENT = 2;
  private static final int GONE_PERCENT = 10;

  private final ServerSocket door;
  private final URI server;
  private final SSLContext tls;
  private final Random random = new Random(3);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> watches = ConcurrentHashMap.newKeySet();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean bad;

  /** What was done to callers. */
  final AtomicLong requests = new AtomicLong();

  final AtomicLong errors = new AtomicLong();
  final AtomicLong lost = new AtomicLong();
  final AtomicLong dropped = new AtomicLong();
  final AtomicLong gone = new AtomicLong();

  ChaosProxy(URI server, KeyStore authority) {
    this.server = server;
    try {
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authority);
      this.tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      this.door = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var _ = threads.submit(this::accept);
  }

  /** Before the API server of a cluster. */
  static ChaosProxy before(Cluster cluster) {
    var config = cluster.client().getConfiguration();
    byte[] pem = Base64.getDecoder().decode(config.getCaCertData());
    try {
      var authority = KeyStore.getInstance(KeyStore.getDefaultType());
      authority.load(null, null);
      int count = 0;
      for (var certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        authority.setCertificateEntry("authority-" + count++, certificate);
      }
      return new ChaosProxy(URI.create(config.getMasterUrl()), authority);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + door.getLocalPort();
  }

  void bad(boolean isBad) {
    bad = isBad;
  }

  /** Cuts all watches. */
  void dropWatches() {
    for (Socket watch : watches) {
      dropped.incrementAndGet();
      end(watch);
    }
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket caller = door.accept();
        open.add(caller);
        var _ = threads.submit(() -> serve(caller));
      } catch (SocketException closed) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket caller) {
    try (caller;
        Socket behind = tls.getSocketFactory().createSocket(server.getHost(), server.getPort())) {
      open.add(behind);
      var in = new HttpMessages(caller.getInputStream());
      var answers = new HttpMessages(behind.getInputStream());
      for (var head = in.head(); head.isPresent(); head = in.head()) {
        requests.incrementAndGet();
        var request = head.get();
        byte[] body = in.body(request);
        if (request.isWatch()) {
          watch(request, caller, behind);
          return;
        }
        if (!answer(request, body, caller.getOutputStream(), behind, answers)) {
          return;
        }
      }
    } catch (IOException broken) {
      // either side has gone
    } finally {
      open.remove(caller);
    }
  }

  /** False when the connection is to be cut. */
  private boolean answer(
      HttpMessages.Head request, byte[] body, OutputStream out, Socket behind, HttpMessages answers)
      throws IOException {
    if (bad && roll(ERRORS_PERCENT)) {
      errors.incrementAndGet();
      out.write(error(request));
      out.flush();
      return true;
    }
    behind.getOutputStream().write(request.bytes());
    behind.getOutputStream().write(body);
    behind.getOutputStream().flush();
    var head = answers.head().orElseThrow(() -> new IOException("no answer"));
    byte[] answer = answers.body(head);
    if (bad && request.isWrite() && roll(LOST_PERCENT)) {
      lost.incrementAndGet();
      return false;
    }
    out.write(head.bytes());
    out.write(answer);
    out.flush();
    return true;
  }

  private void watch(HttpMessages.Head request, Socket caller, Socket behind) throws IOException {
    if (bad && roll(GONE_PERCENT)) {
      gone.incrementAndGet();
      caller
          .getOutputStream()
          .write(HttpMessages.status(410, "Expired", "too old resource version"));
      caller.getOutputStream().flush();
      return;
    }
    watches.add(caller);
    try {
      behind.getOutputStream().write(request.bytes());
      behind.getOutputStream().flush();
      var back = threads.submit(() -> pump(caller, behind));
      pump(behind, caller);
      back.cancel(true);
    } finally {
      watches.remove(caller);
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      in.transferTo(to.getOutputStream());
    } catch (IOException broken) {
      // cut
    } finally {
      end(from);
      end(to);
    }
  }

  private byte[] error(HttpMessages.Head request) {
    return switch (pick()) {
      case 0 ->
          request.method().equals("POST")
              ? HttpMessages.status(409, "AlreadyExists", "so says the proxy")
              : HttpMessages.status(409, "Conflict", "the object has been modified");
      case 1 -> HttpMessages.status(429, "TooManyRequests", "busy");
      default -> HttpMessages.status(500, "InternalError", "etcdserver: leader changed");
    };
  }

  private synchronized int pick() {
    return random.nextInt(3);
  }

  private synchronized boolean roll(int percent) {
    return random.nextInt(100) < percent;
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is as good as closed
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(ChaosProxy::end);
    threads.shutdownNow();
  }
}
