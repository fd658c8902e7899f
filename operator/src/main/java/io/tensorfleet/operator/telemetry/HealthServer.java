package io.tensorfleet.operator.telemetry;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * The operator's HTTP server. A connection must speak within 5 s, a request have come within 10 s
 * and its headers within 64 KiB, an answer be read within 60 s; 200 connections are kept at once.
 */
public final class HealthServer implements AutoCloseable {
  /** Read by the JDK's server as its classes are loaded. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "sun.net.httpserver.idleInterval", "5",
          "sun.net.httpserver.clockTick", "1000",
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "60",
          "sun.net.httpserver.maxReqHeaderSize", "65536",
          "jdk.httpserver.maxConnections", "200");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public HealthServer(int port, List<Page> pages) {
    LIMITS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    server = listen(port);
    server.setExecutor(threads);
    pages.forEach(page -> server.createContext(page.path(), page::handle));
    Page index = Page.of("/", "This list", _ -> Page.Answer.text(200, index(pages)));
    server.createContext(index.path(), index::handle);
    server.start();
  }

  private static String index(List<Page> pages) {
    return pages.stream()
        .map(page -> String.format("%-9s %s", page.path(), page.meaning()))
        .collect(Collectors.joining("\n"));
  }

  private static HttpServer listen(int port) {
    try {
      return HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "METRICS_PORT=" + port + " cannot be used: " + e.getMessage() + "; choose another", e);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
