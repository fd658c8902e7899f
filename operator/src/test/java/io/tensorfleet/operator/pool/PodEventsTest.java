package io.tensorfleet.operator.pool;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.api.PodRef;
import io.tensorfleet.operator.pods.Labels;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PodEventsTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Map<String, String> BUSY = Map.of("busy", "true");
  private static final Map<String, String> LATER = Map.of("later", "true");

  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(),
          new MockWebServer(),
          new HashMap<>(),
          new KubernetesCrudDispatcher(
              List.of(CustomResourceDefinitionContext.fromCustomResourceType(WorkerPool.class))),
          false);
  private final WorkerPool pool = Pools.pool();
  private final Watching watching = new Watching();
  private KubernetesClient client;
  private Operator framework;

  @BeforeEach
  void watch() throws Throwable {
    server.init();
    client = server.createClient(b -> b.withHttpClientFactory(new VertxHttpClientFactory()));
    client.resource(pool).create();
    client.resource(pod()).create();
    framework = new Operator(it -> it.withKubernetesClient(client).withCloseClientOnStop(false));
    var _ = framework.register(watching);
    framework.start();
    eventually(() -> assertThat(known()).isPresent());
  }

  @AfterEach
  void stop() {
    framework.stop();
    client.close();
    server.destroy();
  }

  @Test
  void whatTheOperatorChangedIsKnownAtOnce() {
    Pod seen = known().orElseThrow();

    watching.pods().changed(PodRef.of(seen), annotated(seen, "99", BUSY));

    assertThat(known()).map(PodEventsTest::annotations).contains(BUSY);
  }

  @Test
  void whatTheWatchHasBroughtSinceIsNotHiddenByIt() throws Throwable {
    Pod seen = known().orElseThrow();
    client
        .pods()
        .inNamespace("default")
        .withName("demo-0")
        .edit(p -> annotated(p, p.getMetadata().getResourceVersion(), LATER));
    eventually(() -> assertThat(known()).map(PodEventsTest::annotations).contains(LATER));

    watching.pods().changed(PodRef.of(seen), annotated(seen, "2", BUSY));

    assertThat(known()).map(PodEventsTest::annotations).contains(LATER);
  }

  private Optional<Pod> known() {
    return watching.pods().of(pool, NOON).stream().findFirst();
  }

  private static Map<String, String> annotations(Pod pod) {
    return pod.getMetadata().getAnnotations();
  }

  private static Pod annotated(Pod pod, String version, Map<String, String> annotations) {
    return new PodBuilder(pod)
        .editMetadata()
        .withResourceVersion(version)
        .withAnnotations(annotations)
        .endMetadata()
        .build();
  }

  private static Pod pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("demo-0")
        .withLabels(Map.of(Labels.POOL, "demo", Labels.MANAGED_BY, Labels.OPERATOR))
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }

  /** Sees to nothing. */
  private static final class Watching implements Reconciler<WorkerPool> {
    private Optional<PodEvents> pods = Optional.empty();

    PodEvents pods() {
      return pods.orElseThrow();
    }

    @Override
    public List<EventSource<?, WorkerPool>> prepareEventSources(
        EventSourceContext<WorkerPool> context) {
      pods = Optional.of(new PodEvents(context));
      return List.of(pods());
    }

    @Override
    public UpdateControl<WorkerPool> reconcile(
        WorkerPool resource, io.javaoperatorsdk.operator.api.reconciler.Context<WorkerPool> it) {
      return UpdateControl.noUpdate();
    }
  }
}
