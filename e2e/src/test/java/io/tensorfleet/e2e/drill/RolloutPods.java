package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Writes down each Pod of a namespace that is made, becomes ready or is gone, with its revision and
 * how many Pods there are then, those that leave included.
 */
final class RolloutPods implements AutoCloseable {
  static final String MADE = "made";
  static final String READY = "ready";
  static final String GONE = "gone";

  private final History history;
  private final Set<String> there = new HashSet<>();
  private final Set<String> ready = new HashSet<>();
  private final SharedIndexInformer<Pod> pods;

  RolloutPods(KubernetesClient client, String namespace, History history) {
    this.history = history;
    this.pods = client.pods().inNamespace(namespace).inform(new Handler());
  }

  private final class Handler implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      there.add(pod.getMetadata().getUid());
      note(MADE, pod);
      seen(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      if (!before.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
        onDelete(before, true);
        onAdd(pod);
      } else {
        seen(pod);
      }
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      there.remove(pod.getMetadata().getUid());
      note(GONE, pod);
    }
  }

  private void seen(Pod pod) {
    boolean is =
        Optional.ofNullable(pod.getStatus()).stream()
            .flatMap(status -> status.getConditions().stream())
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    if (is && ready.add(pod.getMetadata().getUid())) {
      note(READY, pod);
    }
  }

  private void note(String what, Pod pod) {
    history.add(new Event.Noted(history.now(), what, revision(pod), there.size()));
  }

  static String revision(Pod pod) {
    return pod.getMetadata().getLabels().getOrDefault("tensorfleet.io/revision", "");
  }

  @Override
  public void close() {
    pods.close();
  }
}
