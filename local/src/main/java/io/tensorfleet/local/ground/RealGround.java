package io.tensorfleet.local.ground;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A real control plane on this machine. Its objects survive from run to run. */
public final class RealGround implements Ground {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ControlPlane plane;
  private final Path kubeconfig;
  private final boolean scheduler;
  private final Config config;
  private final KubernetesClient client;

  private RealGround(ControlPlane plane, Path kubeconfig, boolean scheduler) {
    this.plane = plane;
    this.kubeconfig = kubeconfig;
    this.scheduler = scheduler;
    this.config = KubeClients.read(kubeconfig);
    this.client = KubeClients.of(config);
  }

  /**
   * Starts it and waits until Pods and WorkerPools can be made.
   *
   * @param home data, keys and logs
   * @param kubeconfig the file to write, for the owner only
   * @param port of the API server, 0 for any free one
   * @throws GroundException when it does not come up
   */
  public static RealGround start(Binaries binaries, Path home, Path kubeconfig, int port) {
    return start(binaries, home, kubeconfig, PlaneOptions.on(port));
  }

  /** The same with these options. */
  public static RealGround start(
      Binaries binaries, Path home, Path kubeconfig, PlaneOptions options) {
    var plane = ControlPlane.start(binaries, home, options);
    try {
      var files = plane.files();
      await(plane, "certificate of the API server", () -> Files.exists(files.serverCertificate()));
      files.writeKubeconfig(kubeconfig, plane.port());
      var ground = new RealGround(plane, kubeconfig, binaries.scheduler());
      ground.awaitReady(binaries);
      return ground;
    } catch (RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  private void awaitReady(Binaries binaries) {
    await(plane, "ready API server", this::isReady);
    plane.startControllers(kubeconfig);
    Definitions.apply(client);
    await(plane, "namespace default", () -> client.namespaces().withName("default").get() != null);
    if (binaries.controllers()) {
      await(
          plane,
          "service account default",
          () -> client.serviceAccounts().inNamespace("default").withName("default").get() != null);
    }
  }

  private boolean isReady() {
    try {
      return "ok".equals(client.raw("/readyz"));
    } catch (KubernetesClientException notYet) {
      return false;
    }
  }

  private static void await(ControlPlane plane, String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      plane
          .failure()
          .ifPresent(
              sentence -> {
                throw new GroundException("the real control plane did not start: " + sentence);
              });
      if (System.nanoTime() - deadline > 0) {
        throw new GroundException(
            "the real control plane did not start: no "
                + what
                + " after "
                + PATIENCE.toSeconds()
                + " s; its logs are in "
                + plane.files().folder(""));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Override
  public String name() {
    return "real";
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
    return Optional.of(kubeconfig);
  }

  /** Where the API server writes down who did what, if it was asked to. */
  public Path auditLog() {
    return plane.audit().log();
  }

  @Override
  public boolean hasScheduler() {
    return scheduler;
  }

  @Override
  public void close() {
    client.close();
    plane.close();
  }
}
