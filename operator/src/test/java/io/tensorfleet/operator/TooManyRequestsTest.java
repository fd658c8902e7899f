package io.tensorfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tensorfleet.operator.api.ApiWriter;
import io.tensorfleet.operator.api.PodWriter.Created;
import io.tensorfleet.operator.limit.ApiLimits;
import io.tensorfleet.operator.limit.Throttle;
import io.tensorfleet.operator.telemetry.ApiCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An API server that says 429 to the first requests, as its priority and fairness does. */
class TooManyRequestsTest {
  private final List<Long> arrivals = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Throttle throttle = new Throttle(ApiLimits.usual());
  private int refusals;
  private HttpServer server;
  private KubernetesClient client;
  private ApiWriter api;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    var calls = new ApiCalls();
    calls.bindTo(meters);
    calls.whenAskedToWait(throttle::asked);
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    client =
        Clients.create(
            new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                .withMasterUrl(url)
                .build(),
            calls);
    api = ApiWriter.of(ApiMode.EXACT, client, throttle);
  }

  @AfterEach
  void stop() {
    throttle.close();
    client.close();
    server.stop(0);
  }

  @Test
  void aPodIsMadeAfterThePauseAskedForAndNobodyHearsOfARefusal() {
    refusals = 1;

    Created created = api.create(pod());

    assertThat(created).isInstanceOf(Created.Done.class);
    assertThat(arrivals).hasSize(2);
    assertThat(TimeUnit.NANOSECONDS.toMillis(arrivals.get(1) - arrivals.get(0)))
        .as("ms between the 429 with Retry-After: 1 and the next request")
        .isGreaterThanOrEqualTo(950);
    assertThat(counted("429")).isEqualTo(1);
    assertThat(counted("201")).isEqualTo(1);
    assertThat(meters.get("tensorfleet.api.request").tag("verb", "create").timer().count())
        .isEqualTo(2);
  }

  private double counted(String code) {
    return meters
        .get("tensorfleet.api.requests")
        .tags("verb", "create", "resource", "pods", "code", code)
        .counter()
        .count();
  }

  private static Pod pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("demo-0")
        .endMetadata()
        .build();
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      arrivals.add(System.nanoTime());
      byte[] sent = exchange.getRequestBody().readAllBytes();
      boolean refused = arrivals.size() <= refusals;
      byte[] body = refused ? "Too many requests".getBytes(StandardCharsets.UTF_8) : sent;
      if (refused) {
        exchange.getResponseHeaders().set("Retry-After", "1");
      }
      exchange
          .getResponseHeaders()
          .set("Content-Type", refused ? "text/plain" : "application/json");
      exchange.sendResponseHeaders(refused ? 429 : 201, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
