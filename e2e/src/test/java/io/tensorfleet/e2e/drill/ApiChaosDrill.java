package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.e2e.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * The API server is bad company for a while, as the operator sees it: errors, lost answers, broken
 * watches, and a stranger who deletes Pods that have just been made. Afterwards all must be right
 * soon, and quiet.
 */
final class ApiChaosDrill implements Drill {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int LEAST_SECONDS = 15;
  private static final Duration QUIET = Duration.ofSeconds(12);
  private static final Duration STARTS_IN = Duration.ofMillis(700);

  @Override
  public String missing() {
    return Cluster.missing();
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) {
    var show = new Show(ground, sizes);
    show.chaos(Duration.ofSeconds(Math.max(LEAST_SECONDS, sizes.get("SECONDS", 180))));
    show.calm();
    show.quiet();
    return new ApiChaosChecker().check(show.history.events());
  }

  /** The drill's parts, and its acts. */
  private static final class Show {
    private final Cluster cluster;
    private final History history = new History();
    private final Random random = new Random(4);
    private final String namespace;
    private final Swing swing;
    private final ChaosProxy proxy;

    Show(Ground ground, Sizes sizes) {
      this.cluster = ground.cluster();
      this.namespace = cluster.namespace("chaos");
      var size = new Swing.Size(sizes.get("POOLS", 4), sizes.get("PODS", 25));
      this.swing = new Swing(cluster, namespace, history, size);
      this.proxy = ground.own(ChaosProxy.before(cluster));
      swing.stage().startsIn(STARTS_IN);
      OperatorProcess.start(
          ground,
          cluster,
          Map.of(
              "ORCHESTRATOR_ADDRESS",
              swing.stage().address(),
              "WATCH_NAMESPACES",
              namespace,
              "KUBECONFIG",
              throughTheProxy(ground.folder("kubeconfig")).toString()));
    }

    private Path throughTheProxy(Path folder) {
      try {
        String direct = Files.readString(cluster.kubeconfigOf("chaos"));
        String server = cluster.client().getConfiguration().getMasterUrl().replaceFirst("/$", "");
        Path file = folder.resolve("kubeconfig");
        return Files.writeString(
            file,
            direct
                .replace(server, proxy.url())
                .replaceAll("(?m)^.*certificate-authority-data:.*\\R", ""));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void chaos(Duration time) {
      proxy.bad(true);
      Instant end = Instant.now().plus(time);
      while (Instant.now().isBefore(end)) {
        swing.stir();
        proxy.dropWatches();
        strangers(Instant.now().plusMillis(1_000 + random.nextInt(3_000)));
      }
      proxy.bad(false);
      note(ApiChaosChecker.ERRORS, proxy.errors.get());
      note(ApiChaosChecker.LOST, proxy.lost.get());
      note(ApiChaosChecker.DROPPED, proxy.dropped.get());
      note(ApiChaosChecker.GONE, proxy.gone.get());
    }

    /** Until then, somebody else deletes a Pod now and then that has not started. */
    private void strangers(Instant until) {
      while (Instant.now().isBefore(until)) {
        swing.pods().stream()
            .filter(pod -> "Pending".equals(pod.getStatus().getPhase()))
            .filter(_ -> random.nextInt(4) == 0)
            .findFirst()
            .ifPresent(this::delete);
        LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
      }
    }

    /** Exactly the Pod that was seen: it has no worker. */
    private void delete(Pod pod) {
      var metadata = pod.getMetadata();
      var options =
          new DeleteOptionsBuilder()
              .withGracePeriodSeconds(0L)
              .withNewPreconditions(metadata.getResourceVersion(), metadata.getUid())
              .build();
      String path = "/api/v1/namespaces/" + namespace + "/pods/" + metadata.getName();
      try {
        if (cluster.client().raw(path, "DELETE", options) != null) {
          history.add(new Event.Noted(history.now(), PodStory.STRANGER, metadata.getUid(), 1));
        }
      } catch (KubernetesClientException changed) {
        // it has started meanwhile
      }
    }

    void calm() {
      Duration from = history.now();
      await("all to be right", swing::settled);
      note(ApiChaosChecker.RIGHT_MS, history.now().minus(from).toMillis());
    }

    /**
     * When nothing has been written for a while, nothing is written any more. The while is longer
     * than it takes until a revision is known to work, which is the last thing to be written.
     */
    void quiet() {
      await("the operator to come to rest", () -> writes(QUIET).isEmpty());
      LockSupport.parkNanos(QUIET.toNanos());
      List<Audit.Request> writes = writes(QUIET);
      writes.forEach(write -> System.err.println("written in the quiet: " + write));
      note(ApiChaosChecker.QUIET_WRITES, writes.size());
      swing.noteEnd();
    }

    private List<Audit.Request> writes(Duration last) {
      return cluster.audit().since(Instant.now().minus(last)).stream()
          .filter(request -> request.byOperator() && request.isWrite())
          .filter(request -> !request.resource().equals("leases"))
          .toList();
    }

    private static void await(String what, java.util.function.BooleanSupplier holds) {
      try {
        var _ =
            Await.value(
                LIMIT,
                what,
                () -> holds.getAsBoolean() ? Optional.of(Boolean.TRUE) : Optional.empty());
      } catch (AssertionError late) {
        System.err.println(late.getMessage());
      }
    }

    private void note(String what, long value) {
      history.add(new Event.Noted(history.now(), what, "", value));
    }
  }
}
