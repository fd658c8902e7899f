package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.crds.WorkerPoolStatus.ConditionTypes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes down what the statuses of a namespace's pools say: {@code desired} with the size, and
 * {@code reachable} with 1 or 0, each time that it has changed.
 */
final class PoolWatch implements AutoCloseable {
  static final String DESIRED = "desired";
  static final String REACHABLE = "reachable";

  private final History history;
  private final Map<String, Long> last = new ConcurrentHashMap<>();
  private final SharedIndexInformer<WorkerPool> pools;

  PoolWatch(Cluster cluster, String namespace, History history) {
    this.history = history;
    this.pools =
        cluster.client().resources(WorkerPool.class).inNamespace(namespace).runnableInformer(0);
    pools.addEventHandler(new Handler());
    pools.run();
  }

  /** What was said last; empty before anything was. */
  Optional<Long> said(String what, String pool) {
    return Optional.ofNullable(last.get(what + "/" + pool));
  }

  private void seen(WorkerPool pool) {
    WorkerPoolStatus status = pool.getStatus();
    if (status == null) {
      return;
    }
    String name = pool.getMetadata().getName();
    Optional.ofNullable(status.desiredReplicas()).ifPresent(n -> note(DESIRED, name, n));
    status.conditions().stream()
        .filter(c -> ConditionTypes.QUEUE_REACHABLE.equals(c.getType()))
        .map(Condition::getStatus)
        .forEach(is -> note(REACHABLE, name, is.equals("True") ? 1 : 0));
  }

  private void note(String what, String pool, long value) {
    Long before = last.put(what + "/" + pool, value);
    if (before == null || before != value) {
      history.add(new Event.Noted(history.now(), what, pool, value));
    }
  }

  @Override
  public void close() {
    pools.close();
  }

  private final class Handler implements ResourceEventHandler<WorkerPool> {
    @Override
    public void onAdd(WorkerPool pool) {
      seen(pool);
    }

    @Override
    public void onUpdate(WorkerPool before, WorkerPool pool) {
      seen(pool);
    }

    @Override
    public void onDelete(WorkerPool pool, boolean finalStateUnknown) {}
  }
}
