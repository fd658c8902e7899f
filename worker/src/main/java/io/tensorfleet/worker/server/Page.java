package io.tensorfleet.worker.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A page of the worker's HTTP server.
 *
 * @param path where it is, and for one that says so everything below
 * @param meaning a sentence, without its full stop
 */
public record Page(String path, String meaning, HttpHandler handler) {
  private static final Logger LOG = LoggerFactory.getLogger(Page.class);

  /** A page to be read, exactly there. */
  static Page read(String path, String meaning, Function<HttpExchange, Answer> answer) {
    return new Page(
        path,
        meaning,
        exact(
            path,
            exchange ->
                switch (exchange.getRequestMethod()) {
                  case "GET", "HEAD" -> answer.apply(exchange);
                  default -> Answer.onlyBy("GET, HEAD");
                }));
  }

  /** A page that sees to its methods by itself. */
  static Page at(String path, String meaning, Function<HttpExchange, Answer> answer) {
    return new Page(path, meaning, exact(path, answer));
  }

  private static HttpHandler exact(String path, Function<HttpExchange, Answer> answer) {
    return exchange ->
        (exchange.getRequestURI().getPath().equals(path)
                ? answer.apply(exchange)
                : Answer.text(404, "there is no such page; / lists those there are"))
            .send(exchange);
  }

  /** Answers, and says so once where the page itself fails. */
  void handle(HttpExchange exchange) throws IOException {
    try {
      handler.handle(exchange);
    } catch (RuntimeException failure) {
      LOG.error("the page {} failed", path, failure);
      Answer.text(500, "the worker stumbled over this page; its log says more").send(exchange);
    }
  }
}
