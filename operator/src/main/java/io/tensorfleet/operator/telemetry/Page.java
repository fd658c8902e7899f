package io.tensorfleet.operator.telemetry;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A page of the operator's HTTP server, to be read at exactly one path.
 *
 * @param meaning a sentence, without its full stop
 */
public record Page(String path, String meaning, Function<Headers, Answer> answer) {
  private static final Logger log = LoggerFactory.getLogger(Page.class);

  /** What a page says. */
  record Answer(int status, String type, String text) {
    static Answer text(int status, String sentence) {
      return new Answer(status, "text/plain; charset=utf-8", sentence + "\n");
    }
  }

  static Page of(String path, String meaning, Function<Headers, Answer> answer) {
    return new Page(path, meaning, answer);
  }

  /**
   * The pages of an operator.
   *
   * @param trouble what keeps it from being alive, in a sentence without its full stop
   */
  public static List<Page> all(
      PoolMetrics metrics, Supplier<Optional<String>> trouble, BooleanSupplier ready) {
    return List.of(
        of(
            "/livez",
            "200 while the operator's loop comes round and each look at a pool gets on, with or without an API server,"
                + " else 503 and what does not",
            _ ->
                trouble
                    .get()
                    .map(what -> Answer.text(503, "not alive: " + what))
                    .orElseGet(() -> Answer.text(200, "alive"))),
        of(
            "/readyz",
            "200 once pools and Pods are known, for who leads and who waits alike, else 503",
            _ ->
                ready.getAsBoolean()
                    ? Answer.text(200, "ready")
                    : Answer.text(503, "not ready: pools and Pods are still being listed")),
        of(
            "/metrics",
            "Prometheus text, or OpenMetrics where Accept prefers it",
            headers -> scrape(metrics, headers)));
  }

  private static Answer scrape(PoolMetrics metrics, Headers headers) {
    String accept = String.join(",", headers.getOrDefault("Accept", List.of()));
    String type = ScrapeFormat.of(accept).contentType();
    return new Answer(200, type, metrics.text(type));
  }

  /** Answers, and says so once where the page itself fails. */
  void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      send(exchange, answer(exchange));
    }
  }

  private Answer answer(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!exchange.getRequestURI().getPath().equals(path)) {
      return Answer.text(404, "there is no such page; / lists those there are");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Answer.text(405, "this page is read by GET and HEAD only");
    }
    try {
      return answer.apply(exchange.getRequestHeaders());
    } catch (RuntimeException e) {
      log.error("the page {} failed", path, e);
      return Answer.text(500, "the operator stumbled over this page; its log says more");
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
    if (!head) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }
}
