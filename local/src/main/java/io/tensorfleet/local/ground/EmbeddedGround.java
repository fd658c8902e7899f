package io.tensorfleet.local.ground;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.tensorfleet.crds.WorkerPool;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A mock API server in this process, over plain HTTP on loopback. It keeps objects in memory and
 * sends watch events; it has no schema, no defaults, no discovery (so no kubectl), no server-side
 * apply, no preconditions, no garbage collection, no graceful deletion and no access control.
 */
public final class EmbeddedGround implements Ground {
  /** Held, so that its level stays: the server tells each request, which nobody wants to read. */
  private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

  private final KubernetesMockServer server;
  private final Config config;
  private final KubernetesClient client;

  private EmbeddedGround(KubernetesMockServer server) {
    this.server = server;
    this.config = KubeClients.plain("http://127.0.0.1:" + server.getPort());
    this.client = KubeClients.of(config);
  }

  /**
   * Starts one.
   *
   * @param port where it listens, 0 for any free port
   */
  public static EmbeddedGround start(int port) {
    SERVER_LOG.setLevel(Level.WARNING);
    var dispatcher =
        new KubernetesCrudDispatcher(
            List.of(CustomResourceDefinitionContext.fromCustomResourceType(WorkerPool.class)));
    var server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);
    server.init(InetAddress.getLoopbackAddress(), port);
    var ground = new EmbeddedGround(server);
    ground
        .client
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName("default").endMetadata().build())
        .create();
    return ground;
  }

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public Optional<Path> kubeconfig() {
    return Optional.empty();
  }

  @Override
  public boolean hasScheduler() {
    return false;
  }

  @Override
  public boolean isWhole() {
    return false;
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
