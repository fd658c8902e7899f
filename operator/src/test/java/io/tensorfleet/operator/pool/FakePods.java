package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.api.PodRef;
import io.tensorfleet.operator.api.PodWriter;
import io.tensorfleet.operator.pods.PodReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pods on an API server that a test can make refuse, crash or change a Pod behind the operator's
 * back.
 */
final class FakePods implements PodWriter {
  private final Map<String, Pod> pods = new TreeMap<>();
  private final List<PodRef> deletions = new ArrayList<>();
  private final List<Pod> made = new ArrayList<>();
  private final List<String> annotated = new ArrayList<>();
  private int quota = Integer.MAX_VALUE;
  private int creations;
  private boolean crashOnDelete;
  private boolean refuseDeletions;

  synchronized void has(Pod pod) {
    pods.put(pod.getMetadata().getName(), pod);
  }

  synchronized void quota(int most) {
    quota = most;
  }

  synchronized void crashOnDelete(boolean crash) {
    crashOnDelete = crash;
  }

  synchronized void refuseDeletions(boolean refuse) {
    refuseDeletions = refuse;
  }

  synchronized List<String> names() {
    return List.copyOf(pods.keySet());
  }

  synchronized List<Pod> all() {
    return List.copyOf(pods.values());
  }

  /** Those that carry the pool's label and are its own. */
  synchronized List<Pod> own() {
    return pods.values().stream().filter(p -> PodReading.isOwnedBy(p, "pool-uid")).toList();
  }

  synchronized List<PodRef> deletions() {
    return List.copyOf(deletions);
  }

  /** As they were asked for. */
  synchronized List<Pod> made() {
    return List.copyOf(made);
  }

  /** Names of those that were to be annotated. */
  synchronized List<String> annotated() {
    return List.copyOf(annotated);
  }

  /** Calls to create. */
  synchronized int creations() {
    return creations;
  }

  @Override
  public synchronized Created create(Pod pod) {
    creations++;
    Pod there = pods.get(pod.getMetadata().getName());
    if (there != null) {
      boolean own =
          there.getMetadata().getOwnerReferences().equals(pod.getMetadata().getOwnerReferences());
      return own ? new Created.WasThere(there) : new Created.Taken();
    }
    if (pods.size() >= quota) {
      return new Created.Refused(
          403, "exceeded quota: q, requested: pods=1, used: pods=3, limited: pods=3");
    }
    made.add(pod);
    Pod now = Pools.pod(pod.getMetadata().getName());
    pods.put(now.getMetadata().getName(), now);
    return new Created.Done(now);
  }

  @Override
  public synchronized Optional<Pod> find(String namespace, String name) {
    return Optional.ofNullable(pods.get(name));
  }

  @Override
  public synchronized Annotated annotate(PodRef ref, Map<String, @Nullable String> annotations) {
    annotated.add(ref.name());
    return new Annotated.Gone();
  }

  @Override
  public synchronized Deleted delete(PodRef ref) {
    if (crashOnDelete) {
      throw new IllegalStateException("crashed");
    }
    if (refuseDeletions) {
      return new Deleted.Refused(500, "refused");
    }
    deletions.add(ref);
    Pod there = pods.get(ref.name());
    if (there == null) {
      return new Deleted.Gone();
    }
    if (!there.getMetadata().getUid().equals(ref.uid())
        || !there.getMetadata().getResourceVersion().equals(ref.resourceVersion())) {
      return new Deleted.Changed();
    }
    pods.remove(ref.name());
    return new Deleted.Done();
  }
}
