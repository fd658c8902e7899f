package io.tensorfleet.worker.server;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * The worker's HTTP server. A connection must speak within 5 s, a request have come within 10 s and
 * its headers within 64 KiB, an answer be read within 330 s; 1,000 connections are kept at once.
 */
public final class HttpEndpoints implements AutoCloseable {
  /** Read by the JDK's server as its classes are loaded. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "sun.net.httpserver.idleInterval", "5",
          "sun.net.httpserver.clockTick", "1000",
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "330",
          "sun.net.httpserver.maxReqHeaderSize", "65536",
          "jdk.httpserver.maxConnections", "1000");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public HttpEndpoints(InetSocketAddress address, List<Page> pages) {
    LIMITS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    server = listen(address);
    server.setExecutor(threads);
    pages.forEach(page -> server.createContext(page.path(), page::handle));
    Page index = Page.read("/", "This list", _ -> Answer.text(200, index(pages)));
    server.createContext(index.path(), index::handle);
    server.start();
  }

  private static String index(List<Page> pages) {
    return pages.stream()
        .map(page -> "%-14s %s".formatted(page.path(), page.meaning()))
        .collect(Collectors.joining("\n"));
  }

  private static HttpServer listen(InetSocketAddress address) {
    try {
      return HttpServer.create(address, 0);
    } catch (IOException | RuntimeException failure) {
      throw Ports.failed("METRICS_PORT", address, failure);
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
