package io.tensorfleet.operator;

import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.NamespaceChangeable;
import io.tensorfleet.crds.WorkerPool;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespaces that are looked after, of those that are wanted. One whose pools and Pods may not
 * be read (yet) keeps nobody from the others: it is said, and tried again every few seconds.
 */
final class Namespaces implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Namespaces.class);
  private static final long RETRY_SECONDS = 5;
  private static final ListOptions ONE = new ListOptionsBuilder().withLimit(1L).build();

  private final KubernetesClient client;
  private final Set<String> watched = Collections.synchronizedSet(new TreeSet<>());
  private final Set<String> missing = Collections.synchronizedSet(new TreeSet<>());
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("namespaces").daemon().factory());

  /**
   * @throws IllegalStateException when namespaces are wanted and none can be read
   */
  Namespaces(List<String> wanted, KubernetesClient client) {
    this.client = client;
    wanted.forEach(this::tryAtStart);
    if (watched.isEmpty() && !missing.isEmpty()) {
      throw new IllegalStateException(
          "WATCH_NAMESPACES names "
              + missing
              + ", and in none of them may pools and Pods be read: give the operator's ServiceAccount its Role there");
    }
  }

  /** Those to begin with; empty means all. */
  Set<String> watched() {
    return Set.copyOf(watched);
  }

  /** Adds the missing ones when they can be read. */
  void follow(NamespaceChangeable controller, BooleanSupplier mayAct) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> retry(controller, mayAct), RETRY_SECONDS, RETRY_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void tryAtStart(String namespace) {
    Optional<String> hindrance = hindrance(namespace);
    hindrance.ifPresent(
        why ->
            log.warn(
                "namespace {} is not looked after: {}; it is tried again every {} s",
                namespace,
                why,
                RETRY_SECONDS));
    (hindrance.isPresent() ? missing : watched).add(namespace);
  }

  private void retry(NamespaceChangeable controller, BooleanSupplier mayAct) {
    if (missing.isEmpty() || !mayAct.getAsBoolean()) {
      return;
    }
    List<String> found = List.copyOf(missing).stream().filter(n -> hindrance(n).isEmpty()).toList();
    if (found.isEmpty()) {
      return;
    }
    Set<String> next = new TreeSet<>(watched);
    next.addAll(found);
    try {
      controller.changeNamespaces(next);
      watched.addAll(found);
      missing.removeAll(Set.copyOf(found));
      log.info("namespaces {} are looked after now", found);
    } catch (RuntimeException e) {
      log.warn("namespaces {} could not be added, and are tried again: {}", found, e.getMessage());
    }
  }

  private Optional<String> hindrance(String namespace) {
    try {
      var _ = client.resources(WorkerPool.class).inNamespace(namespace).list(ONE);
      var _ = client.pods().inNamespace(namespace).list(ONE);
      var _ = client.apps().controllerRevisions().inNamespace(namespace).list(ONE);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
