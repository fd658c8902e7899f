package io.tensorfleet.worker.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.tensorfleet.worker.profile.Pprof;
import io.tensorfleet.worker.telemetry.HealthReport;
import io.tensorfleet.worker.telemetry.WorkerMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/** The worker's HTTP server: {@code /metrics}, {@code /health}, {@code /livez}, {@code /readyz}. */
public final class HttpEndpoints implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Supplier<HealthReport> health;
  private final WorkerMetrics metrics;

  private record Answer(int status, String contentType, String body) {}

  public HttpEndpoints(
      InetSocketAddress address,
      Supplier<HealthReport> health,
      WorkerMetrics metrics,
      HttpHandler pprof) {
    this.health = health;
    this.metrics = metrics;
    this.server = listen(address);
    server.setExecutor(threads);
    serve("/", _ -> new Answer(404, TEXT, "there are /metrics, /health, /livez and /readyz\n"));
    serve("/metrics", this::metrics);
    serve("/health", _ -> new Answer(200, "application/json", health.get().json()));
    serve("/livez", _ -> new Answer(200, TEXT, "alive\n"));
    serve("/readyz", _ -> ready());
    server.createContext(Pprof.PATH, pprof);
    server.start();
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

  private Answer metrics(HttpExchange exchange) {
    String accept = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept")).orElse("");
    String type = WorkerMetrics.contentType(accept);
    return new Answer(200, type, metrics.scrape(type));
  }

  private Answer ready() {
    HealthReport report = health.get();
    return report.ready()
        ? new Answer(200, TEXT, "ready\n")
        : new Answer(
            503,
            TEXT,
            "not ready: orchestrator %s, %s\n"
                .formatted(report.facts().connection().wireName(), report.facts().drain()));
  }

  private void serve(String path, Function<HttpExchange, Answer> handler) {
    server.createContext(
        path,
        exchange -> {
          boolean exact = path.endsWith("/") || exchange.getRequestURI().getPath().equals(path);
          send(exchange, exact ? handler.apply(exchange) : new Answer(404, TEXT, "no such page\n"));
        });
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    try (exchange) {
      boolean get = exchange.getRequestMethod().equals("GET");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      Answer sent = get || head ? answer : new Answer(405, TEXT, "only GET and HEAD\n");
      byte[] body = sent.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", sent.contentType());
      exchange.sendResponseHeaders(sent.status(), head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
