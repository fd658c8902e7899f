package io.tensorfleet.orchestrator.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tensorfleet.orchestrator.store.DatabaseException;
import io.tensorfleet.orchestrator.store.TotalsStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Serves /livez, /readyz, /metrics and /worker-activity. */
public final class HttpEndpoint implements AutoCloseable {
  private record Answer(int status, String type, String body) {}

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  private HttpEndpoint(HttpServer server) {
    this.server = server;
  }

  /** What it tells. */
  public record Sources(
      TotalsStore totals, Meters meters, BooleanSupplier ready, InstantSource clock) {}

  public static HttpEndpoint start(InetSocketAddress address, Sources sources) {
    try {
      HttpEndpoint endpoint = new HttpEndpoint(HttpServer.create(address, 0));
      endpoint.server.setExecutor(endpoint.executor);
      endpoint.serve("/livez", () -> new Answer(200, TEXT, "ok\n"));
      endpoint.serve("/readyz", () -> ready(sources.ready().getAsBoolean()));
      endpoint.serve(
          "/metrics",
          () -> new Answer(200, METRICS, sources.meters().scrape(sources.totals().read())));
      endpoint.serve(
          "/worker-activity",
          () ->
              new Answer(
                  200,
                  "application/json",
                  WorkerActivity.json(sources.totals().workers(), sources.clock().instant())));
      endpoint.server.start();
      return endpoint;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen for HTTP on " + address + ": " + e.getMessage(), e);
    }
  }

  private static Answer ready(boolean ready) {
    return ready
        ? new Answer(200, TEXT, "ok\n")
        : new Answer(503, TEXT, "the queue's database does not answer\n");
  }

  private void serve(String path, Supplier<Answer> answer) {
    server.createContext(path, exchange -> handle(exchange, path, answer));
  }

  private static void handle(HttpExchange exchange, String path, Supplier<Answer> answer)
      throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(path)) {
        send(exchange, new Answer(404, TEXT, "there is no such page\n"));
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, new Answer(405, TEXT, "only GET is accepted\n"));
      } else {
        send(exchange, guarded(answer));
      }
    }
  }

  private static Answer guarded(Supplier<Answer> answer) {
    try {
      return answer.get();
    } catch (DatabaseException e) {
      return new Answer(503, TEXT, "the queue's database does not answer: try again\n");
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
