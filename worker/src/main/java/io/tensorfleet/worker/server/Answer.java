package io.tensorfleet.worker.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One answer to an HTTP request. */
record Answer(int status, Map<String, String> headers, String body) {
  private static final String TEXT = "text/plain; charset=utf-8";

  Answer {
    headers = Map.copyOf(headers);
  }

  /** A sentence, on a line of its own. */
  static Answer text(int status, String sentence) {
    return of(status, TEXT, sentence + "\n");
  }

  static Answer of(int status, String contentType, String body) {
    return new Answer(status, Map.of("Content-Type", contentType), body);
  }

  /** The refusal of a method that the page does not have. */
  static Answer onlyBy(String allowed) {
    return new Answer(
        405,
        Map.of("Content-Type", TEXT, "Allow", allowed),
        "this page is asked for by %s\n".formatted(allowed));
  }

  void send(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
      if (!head) {
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().flush(); // before what is left of the request is waited for
      }
    }
  }
}
