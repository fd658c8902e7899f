package io.tensorfleet.local.node;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tensorfleet.local.process.PidFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small node agent: runs the Pods bound to it as processes of this machine and tells their
 * status.
 */
public final class LocalNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);
  private static final Duration PROBE_CONNECT = Duration.ofSeconds(2);

  private final NodeOptions options;
  private final PodApi api;
  private final PodAgent.Hands hands;
  private final Addresses addresses;
  private final NodeRegistration registration;
  private final HttpClient http;
  private final ExecutorService binder =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("bind").factory());
  private final Map<String, PodAgent> agents = new ConcurrentHashMap<>();
  private final SharedIndexInformer<Pod> pods;
  private volatile boolean closing;

  private LocalNode(KubernetesClient client, NodeOptions options, Consumer<NodeEvent> events) {
    this.options = options;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(PROBE_CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    var clock = InstantSource.system();
    this.api = new PodApi(client, options.mock());
    this.hands =
        new PodAgent.Hands(
            api, new PodProcess.Surroundings(options, new ProbeRunner.Tools(http, clock)), events);
    this.addresses = new Addresses(options.home().hashCode());
    this.registration = new NodeRegistration(client, options.name(), clock);
    this.pods =
        options.binds()
            ? client.pods().inAnyNamespace().runnableInformer(0)
            : client
                .pods()
                .inAnyNamespace()
                .withField("spec.nodeName", options.name())
                .runnableInformer(0);
  }

  /**
   * Registers the node and begins to run its Pods. Programs that an earlier, crashed run left
   * behind are ended first.
   *
   * @param events told of every start and end; called from many threads
   */
  public static LocalNode start(
      KubernetesClient client, NodeOptions options, Consumer<NodeEvent> events) {
    endOrphans(options.home());
    var node = new LocalNode(client, options, events);
    node.registration.begin(options.mock());
    node.pods.addEventHandler(node.new Handler());
    node.pods.run();
    return node;
  }

  /**
   * SIGKILL to a Pod's program, as a crash would end it. Returns false when it does not run here.
   */
  public boolean kill(String podName) {
    return agents.values().stream()
        .filter(agent -> agent.name().equals(podName))
        .anyMatch(PodAgent::kill);
  }

  /** The Pods that are looked after now. */
  public List<String> podNames() {
    return agents.values().stream().map(PodAgent::name).sorted().toList();
  }

  /**
   * Drains: each program gets SIGTERM and its grace, at most {@code limit}; then the Pods are gone.
   */
  public void drain(Duration limit) {
    closing = true;
    binder.shutdown();
    agents.values().forEach(agent -> agent.stop(limit));
    List.copyOf(agents.values()).forEach(PodAgent::join);
  }

  /** Ends all programs, without grace where {@link #drain} was not called before, and the node. */
  @Override
  public void close() {
    drain(Duration.ZERO);
    pods.close();
    registration.close();
    http.shutdownNow();
  }

  private static void endOrphans(Path home) {
    Path folder = PodProcess.pidFolder(home);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var files = Files.list(folder)) {
      long ended = files.filter(file -> new PidFile(file).endProcess(Duration.ZERO)).count();
      if (ended > 0) {
        LOG.info("ended {} programs that an earlier run left behind", ended);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }

  private void seen(Pod pod) {
    String node = Optional.ofNullable(pod.getSpec().getNodeName()).orElse("");
    if (node.isEmpty() && options.binds()) {
      bind(pod);
    } else if (node.equals(options.name())) {
      take(pod);
    }
  }

  private void bind(Pod pod) {
    if (!closing && pod.getMetadata().getDeletionTimestamp() == null) {
      binder.execute(() -> api.bind(pod, options.name()));
    }
  }

  private void take(Pod pod) {
    String uid = pod.getMetadata().getUid();
    PodAgent agent = agents.get(uid);
    if (agent != null) {
      agent.update(pod);
    } else if (!closing && !isOver(pod)) {
      agent = new PodAgent(pod, addresses.next(ports(pod)), hands);
      agents.put(uid, agent);
      agent.start(() -> agents.remove(uid));
    }
  }

  /** A Pod that ended for good and is not being deleted needs nothing from a node. */
  private static boolean isOver(Pod pod) {
    String phase = Optional.ofNullable(pod.getStatus()).map(status -> status.getPhase()).orElse("");
    return pod.getMetadata().getDeletionTimestamp() == null
        && (phase.equals("Succeeded") || phase.equals("Failed"));
  }

  private static List<Integer> ports(Pod pod) {
    return Containers.worker(pod).getPorts().stream().map(ContainerPort::getContainerPort).toList();
  }

  /** Hands what the API server says over to the agents. */
  private final class Handler implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      seen(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      seen(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      Optional.ofNullable(agents.get(pod.getMetadata().getUid()))
          .ifPresent(agent -> agent.removed(pod));
    }
  }
}
