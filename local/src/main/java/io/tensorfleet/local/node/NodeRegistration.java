package io.tensorfleet.local.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the Node object: ready, with capacity, and a Lease renewed so that no controller thinks it
 * lost.
 */
public final class NodeRegistration implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRegistration.class);
  private static final String LEASES = "kube-node-lease";
  private static final int LEASE_SECONDS = 40;
  private static final int RENEW_SECONDS = 10;

  /** Programs are not held to their requests here, so a node offers more than the machine has. */
  private static final Map<String, Quantity> CAPACITY =
      Map.of(
          "cpu", new Quantity("256"),
          "memory", new Quantity("1Ti"),
          "ephemeral-storage", new Quantity("1Ti"),
          "nvidia.com/gpu", new Quantity("64"),
          "pods", new Quantity("10000"));

  private final KubernetesClient client;
  private final String name;
  private final InstantSource clock;
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("node-heartbeat").factory());

  public NodeRegistration(KubernetesClient client, String name, InstantSource clock) {
    this.client = client;
    this.name = name;
    this.clock = clock;
  }

  /**
   * Registers the node and renews its Lease until closed.
   *
   * @param mock whether the API server is the embedded mock, where nobody reads Leases and a new
   *     object keeps the status it comes with
   */
  public void begin(boolean mock) {
    Node node = node();
    if (client.nodes().withName(name).get() == null) {
      client.nodes().resource(node).create();
    }
    if (!mock) {
      String patch = client.getKubernetesSerialization().asJson(Map.of("status", node.getStatus()));
      client
          .nodes()
          .withName(name)
          .subresource("status")
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      var _ = heart.scheduleWithFixedDelay(this::renew, 0, RENEW_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void renew() {
    try {
      client
          .leases()
          .inNamespace(LEASES)
          .resource(
              new LeaseBuilder()
                  .withNewMetadata()
                  .withName(name)
                  .withNamespace(LEASES)
                  .endMetadata()
                  .withNewSpec()
                  .withHolderIdentity(name)
                  .withLeaseDurationSeconds(LEASE_SECONDS)
                  .withRenewTime(clock.instant().atZone(ZoneOffset.UTC))
                  .endSpec()
                  .build())
          .fieldManager(name)
          .forceConflicts()
          .serverSideApply();
    } catch (KubernetesClientException e) {
      LOG.warn("node {}: its lease could not be renewed: {}", name, e.getMessage());
    }
  }

  private Node node() {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("kubernetes.io/hostname", name)
        .addToLabels("kubernetes.io/os", "linux")
        .addToLabels("kubernetes.io/arch", arch())
        .addToLabels("tensorfleet.io/local-node", "true")
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withStatus(status(clock.instant()))
        .build();
  }

  private static NodeStatus status(Instant now) {
    return new NodeStatusBuilder()
        .withCapacity(CAPACITY)
        .withAllocatable(CAPACITY)
        .withConditions(
            condition("Ready", true, "LocalNodeReady", now),
            condition("MemoryPressure", false, "LocalNode", now),
            condition("DiskPressure", false, "LocalNode", now),
            condition("PIDPressure", false, "LocalNode", now))
        .addNewAddress("127.0.0.1", "InternalIP")
        .withNewNodeInfo()
        .withArchitecture(arch())
        .withOperatingSystem("linux")
        .withKubeletVersion("tensorfleet-local")
        .withContainerRuntimeVersion("process://java")
        .withKernelVersion(System.getProperty("os.version"))
        .withOsImage(System.getProperty("os.name"))
        .withBootID("")
        .withMachineID("")
        .withSystemUUID("")
        .withKubeProxyVersion("")
        .endNodeInfo()
        .build();
  }

  private static String arch() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }

  private static NodeCondition condition(String type, boolean holds, String reason, Instant now) {
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return new NodeConditionBuilder()
        .withType(type)
        .withStatus(holds ? "True" : "False")
        .withReason(reason)
        .withLastHeartbeatTime(time)
        .withLastTransitionTime(time)
        .build();
  }

  @Override
  public void close() {
    heart.shutdownNow();
  }
}
