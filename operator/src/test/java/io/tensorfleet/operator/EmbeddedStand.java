package io.tensorfleet.operator;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.telemetry.ApiCalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What tests of a whole operator stand on: the embedded mock API server and a fake queue on
 * loopback, and an operator that is started anew where a test asks for it.
 */
abstract class EmbeddedStand {
  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(),
          new MockWebServer(),
          new HashMap<>(),
          new KubernetesCrudDispatcher(
              List.of(CustomResourceDefinitionContext.fromCustomResourceType(WorkerPool.class))),
          false);
  final FakeQueue queue = new FakeQueue();
  private final ApiCalls calls = new ApiCalls();
  KubernetesClient client;
  Operator operator;

  @BeforeEach
  void serve() {
    server.init();
    client =
        server.createClient(
            builder ->
                builder
                    .withHttpClientFactory(new VertxHttpClientFactory())
                    .withKubernetesSerialization(Clients.serialization())
                    .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("api-calls", calls)));
    prepare();
    operator = operate();
  }

  /** What is there before the operator starts. */
  void prepare() {}

  @AfterEach
  void stop() {
    operator.close();
    client.close();
    queue.close();
    server.destroy();
  }

  /** Starts the operator, with these settings besides. */
  Operator operate(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("ORCHESTRATOR_ADDRESS", queue.address());
    settings.put("METRICS_PORT", "0");
    settings.put("API_MODE", "plain");
    return Operator.start(OperatorConfig.fromEnvironment(settings), client, calls, () -> {});
  }

  Operator operate() {
    return operate(Map.of());
  }

  void becomeReady(Pod pod) {
    client
        .pods()
        .inNamespace("default")
        .withName(pod.getMetadata().getName())
        .editStatus(
            p -> {
              p.setStatus(
                  new PodStatusBuilder()
                      .withPhase("Running")
                      .withConditions(
                          new PodConditionBuilder().withType("Ready").withStatus("True").build())
                      .build());
              return p;
            });
  }
}
