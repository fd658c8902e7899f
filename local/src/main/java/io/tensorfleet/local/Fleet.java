package io.tensorfleet.local;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.local.ground.Ground;
import io.tensorfleet.local.node.LocalNode;
import io.tensorfleet.orchestrator.Orchestrator;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole fleet on one machine: PostgreSQL, orchestrator, Kubernetes API, operator and a node that
 * runs workers as processes. Ends in good order when it is closed and when the JVM is asked to end.
 */
public final class Fleet implements AutoCloseable {
  /** The image whose Pods run the worker's program. */
  public static final String WORKER_IMAGE = "tensorfleet-worker";

  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

  private final Ending ending;
  private final Orchestrator orchestrator;
  private final Ground ground;
  private final Optional<LocalNode> node;
  private final FleetListener listener;
  private final Thread hook = new Thread(this::end, "fleet-end");

  /** What a start brings about. */
  record Started(
      Ending ending, Orchestrator orchestrator, Ground ground, Optional<LocalNode> node) {}

  private Fleet(Started started, FleetListener listener) {
    this.ending = started.ending();
    this.orchestrator = started.orchestrator();
    this.ground = started.ground();
    this.node = started.node();
    this.listener = listener;
  }

  /**
   * Starts a fleet and returns when it works.
   *
   * @throws FleetException when it cannot start; what had started has ended then
   */
  public static Fleet start(FleetOptions options, FleetListener progress) {
    var ending = new Ending();
    try {
      ending.add(Ending.Part.LOCK, FleetLock.take(options.home()));
      ending.add(Ending.Part.FILE, () -> FleetFile.remove(options.home()));
      var fleet = new Fleet(new FleetStart(options, progress, ending).start(), progress);
      fleet.file().write(options.home());
      Runtime.getRuntime().addShutdownHook(fleet.hook);
      return fleet;
    } catch (RuntimeException e) {
      ending.close();
      throw e;
    }
  }

  /** Of the orchestrator, {@code host:port}. */
  public String grpcAddress() {
    return FleetStart.LOOPBACK + ":" + orchestrator.grpcPort();
  }

  /** Of the orchestrator, {@code host:port}. */
  public String httpAddress() {
    return FleetStart.LOOPBACK + ":" + orchestrator.httpPort();
  }

  /** A client with all rights; the fleet closes it. */
  public KubernetesClient kubernetes() {
    return ground.client();
  }

  public Ground ground() {
    return ground;
  }

  /** For kubectl; none on the embedded ground. */
  public Optional<Path> kubeconfig() {
    return ground.kubeconfig();
  }

  /** The node; none where a cluster brings its own. */
  public Optional<LocalNode> node() {
    return node;
  }

  /** What other programs may know of it. */
  public FleetFile file() {
    var self = ProcessHandle.current();
    return new FleetFile(
        self.pid(),
        FleetFile.startOf(self),
        ground.name(),
        grpcAddress(),
        httpAddress(),
        ground.config().getMasterUrl(),
        kubeconfig());
  }

  /**
   * Ends it: the operator makes no more Pods, running tasks may end, workers leave, then everything
   * else. May be called again and from several threads; each call returns when all has ended.
   */
  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      LOG.debug("the JVM is ending", alreadyEnding);
    }
  }

  private void end() {
    listener.progress("draining: running tasks may end, then everything stops");
    ending.close();
    listener.progress("stopped");
  }
}
