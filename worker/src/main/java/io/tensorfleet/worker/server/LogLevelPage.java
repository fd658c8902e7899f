package io.tensorfleet.worker.server;

import com.sun.net.httpserver.HttpExchange;
import io.tensorfleet.worker.core.LocalRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shows the log's level and changes it, for callers on this machine. */
final class LogLevelPage {
  private static final int MAX_BODY = 64;
  private static final Pattern QUERY = Pattern.compile("level=([^&]*)");

  private final LogLevel level;

  LogLevelPage(LogLevel level) {
    this.level = level;
  }

  Answer answer(HttpExchange exchange) {
    Optional<String> refusal = refusal(exchange);
    if (refusal.isPresent()) {
      return Answer.text(403, refusal.get());
    }
    return switch (exchange.getRequestMethod()) {
      case "GET", "HEAD" -> Answer.text(200, level.shown());
      case "PUT", "POST" -> change(exchange);
      default -> Answer.onlyBy("GET, HEAD, PUT");
    };
  }

  private static Optional<String> refusal(HttpExchange exchange) {
    if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
      return Optional.of("the log's level is shown to and set by callers on this machine only");
    }
    return new LocalRequest(header(exchange, "Host"), header(exchange, "Origin")).refusal();
  }

  private static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  private Answer change(HttpExchange exchange) {
    String asked = asked(exchange);
    return level.set(asked)
        ? Answer.text(200, level.shown())
        : Answer.text(
            400,
            "level: \"%s\" is not accepted; accepted: %s, as the body or as ?level="
                .formatted(printable(asked), level.accepted()));
  }

  private static String asked(HttpExchange exchange) {
    String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
    Matcher matcher = QUERY.matcher(query);
    return (matcher.matches() ? matcher.group(1) : body(exchange)).strip().toLowerCase(Locale.ROOT);
  }

  private static String body(HttpExchange exchange) {
    try {
      return new String(exchange.getRequestBody().readNBytes(MAX_BODY), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }

  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
