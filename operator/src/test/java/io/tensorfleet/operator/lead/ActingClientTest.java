package io.tensorfleet.operator.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.limit.ApiLimits;
import io.tensorfleet.operator.limit.Throttle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActingClientTest {
  private static final ConfigMap THING =
      new ConfigMapBuilder().withNewMetadata().withName("a").endMetadata().build();

  private static final PoolKey POOL = new PoolKey("n", "demo");

  private final List<String> arrived = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          arrived.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          byte[] body =
              "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(201, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void create(BooleanSupplier gate) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withNamespace("n")
            .withRequestRetryBackoffLimit(0)
            .build();
    try (ActingClient http = ActingClient.of(gate, Duration.ofSeconds(4));
        KubernetesClient client =
            new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(http).build()) {
      client.resource(THING).create();
    }
  }

  @Test
  void whatMayLeaveLeavesAndTheServerIsToldWhenToGiveUp() {
    create(() -> true);

    assertThat(arrived).singleElement().asString().startsWith("POST ").endsWith("timeout=4000ms");
  }

  @Test
  void nothingLeavesThroughAShutGate() {
    assertThatThrownBy(() -> create(() -> false))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("does not hold the Lease");
    assertThat(arrived).isEmpty();
  }

  /** As when the process is paused after the request was given to the client. */
  @Test
  void aRequestThatWaitsInTheClientDoesNotLeaveOnceTheGateIsShut() {
    var asked = new AtomicInteger();

    assertThatThrownBy(() -> create(() -> asked.incrementAndGet() == 1))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(asked).hasValueGreaterThan(1);
    assertThat(arrived).isEmpty();
    assertThat(Objects.requireNonNull(server)).isNotNull();
  }

  @Test
  void aShutGateIsNoSignOfAnApiServerWithTooMuchToDo() {
    try (var throttle = new Throttle(ApiLimits.usual())) {
      int before = throttle.places();

      assertThatThrownBy(() -> throttle.run(POOL, () -> create(() -> false)))
          .isInstanceOf(KubernetesClientException.class);
      assertThat(throttle.places()).as("shut").isEqualTo(before);

      server.stop(0);
      assertThatThrownBy(() -> throttle.run(POOL, () -> create(() -> true)))
          .isInstanceOf(KubernetesClientException.class);
      assertThat(throttle.places()).as("nobody answers").isLessThan(before);
    }
  }
}
