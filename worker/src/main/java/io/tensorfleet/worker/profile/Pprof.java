package io.tensorfleet.worker.profile;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.tensorfleet.worker.core.LocalRequest;
import io.tensorfleet.worker.core.ProfileAccess;
import io.tensorfleet.worker.core.ProfileLength;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import javax.management.JMException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages {@code /debug/pprof/…}. Nothing of the flight recorder is loaded before one is asked.
 */
public final class Pprof implements HttpHandler {
  public static final String PATH = "/debug/pprof";
  private static final Logger LOG = LoggerFactory.getLogger(Pprof.class);
  private static final String INDEX =
      """
      /debug/pprof/profile?seconds=N  processor time over N seconds (1 to 300, else 30)
      /debug/pprof/allocs?seconds=N   memory allocated over N seconds (1 to 300, else 30)
      /debug/pprof/heap               live objects by class; runs a full collection first

      For go tool pprof; one at a time.
      """;

  /** Answers one request. */
  @FunctionalInterface
  private interface Making {
    void make() throws IOException;
  }

  private final ProfileAccess access;
  private final TaskSpans spans;
  private final Turn turn = new Turn(InstantSource.system());

  /**
   * The pages.
   *
   * @param spans names the tasks of the threads seen
   */
  public Pprof(ProfileAccess access, TaskSpans spans) {
    this.access = access;
    this.spans = spans;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Optional<String> refusal = refusal(exchange);
    if (refusal.isPresent()) {
      say(exchange, 403, refusal.get());
    } else if (!exchange.getRequestMethod().equals("GET")) {
      exchange.getResponseHeaders().set("Allow", "GET");
      say(exchange, 405, "profiles are asked for by GET");
    } else {
      page(exchange);
    }
  }

  private Optional<String> refusal(HttpExchange exchange) {
    boolean loopback =
        exchange.getHttpContext().getServer().getAddress().getAddress().isLoopbackAddress();
    Optional<String> refusal = access.refusal(loopback);
    return refusal.isPresent() || access != ProfileAccess.AUTO
        ? refusal
        : new LocalRequest(header(exchange, "Host"), header(exchange, "Origin")).refusal();
  }

  private static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  private void page(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case PATH, PATH + "/" -> say(exchange, 200, INDEX.stripTrailing());
      case PATH + "/profile" -> recorded(exchange, Recorder::cpu);
      case PATH + "/allocs" -> recorded(exchange, Source::allocations);
      case PATH + "/heap" -> inTurn(exchange, Duration.ZERO, () -> heap(exchange));
      default ->
          say(exchange, 404, "there is no such profile; there are\n" + INDEX.stripTrailing());
    }
  }

  private void recorded(HttpExchange exchange, Supplier<Source> source) throws IOException {
    switch (ProfileLength.of(Optional.ofNullable(exchange.getRequestURI().getRawQuery()))) {
      case ProfileLength.Refused(String sentence) -> say(exchange, 400, sentence);
      case ProfileLength.Accepted(Duration length) ->
          inTurn(exchange, length, () -> record(exchange, source, length));
    }
  }

  private void inTurn(HttpExchange exchange, Duration length, Making making) throws IOException {
    if (!turn.take(length)) {
      long seconds = turn.retryAfterSeconds();
      exchange.getResponseHeaders().set("Retry-After", Long.toString(seconds));
      say(
          exchange,
          429,
          "another profile is being made, and there is one at a time: try again in %d s"
              .formatted(seconds));
      return;
    }
    try {
      making.make();
    } finally {
      turn.done();
    }
  }

  private void record(HttpExchange exchange, Supplier<Source> source, Duration length)
      throws IOException {
    Recorder recorder;
    try {
      recorder = Recorder.start(source.get(), spans);
    } catch (RuntimeException failure) {
      unavailable(exchange, failure);
      return;
    }
    try (recorder) {
      ProfileBody body = ProfileBody.open(exchange);
      body.keepOpen(length);
      body.finish(added(recorder));
    }
  }

  private static Profile added(Recorder recorder) throws IOException {
    try {
      return recorder.finish();
    } catch (IOException | RuntimeException failure) {
      LOG.warn("what was recorded cannot be read: the profile is cut off", failure);
      throw failure;
    }
  }

  private void heap(HttpExchange exchange) throws IOException {
    Profile profile;
    try {
      profile = ClassHistogram.take();
    } catch (JMException | RuntimeException failure) {
      unavailable(exchange, failure);
      return;
    }
    ProfileBody.open(exchange).finish(profile);
  }

  private static void unavailable(HttpExchange exchange, Exception failure) throws IOException {
    LOG.warn("no profile can be made", failure);
    say(exchange, 503, "no profile can be made here; the worker's log says why");
  }

  static void say(HttpExchange exchange, int status, String sentence) throws IOException {
    try (exchange) {
      byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }
}
