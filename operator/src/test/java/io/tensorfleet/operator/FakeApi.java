package io.tensorfleet.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.operator.api.ApiWriter;
import io.tensorfleet.operator.limit.ApiLimits;
import io.tensorfleet.operator.limit.Throttle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An API server on loopback whose answers a test gives, and the operator's writer to it. */
public final class FakeApi implements AutoCloseable {
  /** One request. */
  public record Request(String method, String path, String body) {}

  /** Its answer. */
  public record Answer(int code, String body) {
    /** What a real one says when it does not do it. */
    public static Answer failure(int code, String reason, String message) {
      return new Answer(
          code,
          """
          {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": %d,
           "reason": "%s", "message": "%s"}
          """
              .formatted(code, reason, message));
    }

    /** What it says of a patch whose test fails. */
    public static Answer inapplicable() {
      return new Answer(
          422,
          """
          {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 422, "details": {},
           "reason": "Invalid",
           "message": "the server rejected our request due to an error in our request"}
          """);
    }

    /** What it says of a field that it does not take. */
    public static Answer invalid(String field, String message) {
      return new Answer(
          422,
          """
          {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 422,
           "reason": "Invalid", "message": "%s",
           "details": {"causes": [{"field": "%s", "reason": "FieldValueInvalid"}]}}
          """
              .formatted(message, field));
    }

    /** What was made, as it was sent. */
    public static Answer done(Request request) {
      return request.method().equals("POST")
          ? new Answer(201, request.body())
          : new Answer(200, "{}");
    }
  }

  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Throttle throttle;
  private final HttpServer server;
  private final KubernetesClient client;
  private final Function<Request, Answer> answers;

  /**
   * @param answers called on a thread of its own for each request; may take its time
   */
  public FakeApi(ApiLimits limits, Function<Request, Answer> answers) {
    this.answers = answers;
    this.throttle = new Throttle(limits);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    client = Clients.create(new ConfigBuilder(Config.empty()).withMasterUrl(url).build());
  }

  public ApiWriter writer() {
    return ApiWriter.of(ApiMode.EXACT, client, throttle);
  }

  public Throttle throttle() {
    return throttle;
  }

  /** In the order in which they came. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    throttle.close();
    client.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var request =
          new Request(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), sent);
      requests.add(request);
      Answer answer = answers.apply(request);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.code(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
