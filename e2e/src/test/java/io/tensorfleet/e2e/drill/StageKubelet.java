package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tensorfleet.local.node.NodeRegistration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A node whose Pods run nothing: each becomes ready, gets a worker on the floor, and is gone when
 * it was asked to leave and its worker is idle, or its grace is over.
 */
final class StageKubelet implements AutoCloseable {
  private static final int THREADS = 16;
  private static final long POLL_MILLIS = 100;

  private final KubernetesClient client;
  private final Stage.Place place;
  private final StageFloor floor;
  private final History history;
  private final NodeRegistration node;
  private final SharedIndexInformer<Pod> pods;
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);
  private final Set<String> known = new HashSet<>();
  private final Set<String> leaving = new HashSet<>();

  /** Why containers of an image do not start, such as ImagePullBackOff. */
  final Map<String, String> troubles = new ConcurrentHashMap<>();

  volatile Duration startsIn = Duration.ZERO;

  StageKubelet(KubernetesClient client, Stage.Place place, StageFloor floor, History history) {
    this.client = client;
    this.place = place;
    this.floor = floor;
    this.history = history;
    this.node = new NodeRegistration(client, place.node(), InstantSource.system());
    node.begin(false);
    this.pods = client.pods().inNamespace(place.namespace()).runnableInformer(0);
    pods.addEventHandler(new Handler());
    pods.run();
  }

  private final class Handler implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      history.add(new Event.PodMade(history.now(), name(pod), uid(pod)));
      seen(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      if (!uid(before).equals(uid(pod))) {
        onDelete(before, true);
        onAdd(pod);
      } else {
        seen(pod);
      }
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      history.add(new Event.PodGone(history.now(), name(pod), uid(pod)));
      floor.vanish(uid(pod));
    }
  }

  /** On the informer's one thread. Another stage's node will do as well: its Pods are not ours. */
  private void seen(Pod pod) {
    if (pod.getSpec().getNodeName() == null) {
      return;
    }
    if (known.add(uid(pod))) {
      after(startsIn.toMillis(), () -> start(pod));
    }
    if (pod.getMetadata().getDeletionTimestamp() != null && leaving.add(uid(pod))) {
      int held = floor.drain(uid(pod));
      history.add(new Event.PodLeaving(history.now(), name(pod), uid(pod), held));
      Instant end = Instant.parse(pod.getMetadata().getDeletionTimestamp());
      after(0, () -> leave(pod, end));
    }
  }

  private void start(Pod pod) {
    String image = pod.getSpec().getContainers().getFirst().getImage();
    Optional<String> trouble = Optional.ofNullable(troubles.get(image));
    patch(pod, status(pod, trouble));
    if (trouble.isEmpty() && floor.arrive(StageWorker.of(pod))) {
      history.add(new Event.PodReady(history.now(), name(pod), uid(pod)));
    }
  }

  private void leave(Pod pod, Instant end) {
    if (floor.held(uid(pod)) > 0 && Instant.now().isBefore(end)) {
      after(POLL_MILLIS, () -> leave(pod, end));
      return;
    }
    var options =
        new DeleteOptionsBuilder()
            .withGracePeriodSeconds(0L)
            .withNewPreconditions(null, uid(pod))
            .build();
    String path = "/api/v1/namespaces/" + place.namespace() + "/pods/" + name(pod);
    client.raw(path, "DELETE", options);
  }

  /** Of this very Pod: another one under its name is refused. */
  private void patch(Pod pod, PodStatus status) {
    String patch =
        client
            .getKubernetesSerialization()
            .asJson(Map.of("metadata", Map.of("uid", uid(pod)), "status", status));
    client
        .pods()
        .inNamespace(place.namespace())
        .withName(name(pod))
        .subresource("status")
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch);
  }

  private static PodStatus status(Pod pod, Optional<String> trouble) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    String ready = trouble.isEmpty() ? "True" : "False";
    var container = pod.getSpec().getContainers().getFirst();
    return new PodStatusBuilder()
        .withPhase(trouble.isEmpty() ? "Running" : "Pending")
        .withStartTime(now)
        .withHostIP("127.0.0.1")
        .withConditions(condition("Ready", ready, now), condition("ContainersReady", ready, now))
        .withContainerStatuses(
            new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID("")
                .withReady(trouble.isEmpty())
                .withRestartCount(0)
                .withState(state(trouble, now))
                .build())
        .build();
  }

  private static ContainerState state(Optional<String> trouble, String now) {
    return trouble.isEmpty()
        ? new ContainerStateBuilder().withNewRunning().withStartedAt(now).endRunning().build()
        : new ContainerStateBuilder()
            .withNewWaiting()
            .withReason(trouble.get())
            .endWaiting()
            .build();
  }

  private static PodCondition condition(String type, String status, String now) {
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withLastTransitionTime(now)
        .build();
  }

  /** A Pod that is gone meanwhile is no concern. */
  private void after(long millis, Runnable step) {
    Runnable careful =
        () -> {
          try {
            step.run();
          } catch (KubernetesClientException e) {
            if (e.getCode() != 404 && e.getCode() != 409 && !threads.isShutdown()) {
              System.err.println("stage: " + e.getMessage());
            }
          }
        };
    if (!threads.isShutdown()) {
      var _ = threads.schedule(careful, millis, TimeUnit.MILLISECONDS);
    }
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  private static String uid(Pod pod) {
    return Objects.requireNonNull(pod.getMetadata().getUid());
  }

  @Override
  public void close() {
    pods.close();
    threads.shutdownNow();
    node.close();
  }
}
