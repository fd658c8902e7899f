package io.tensorfleet.operator;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.pool.PoolReconciler;
import io.tensorfleet.operator.telemetry.Pulse;
import java.util.List;

/** Sees to pools so that one whose look hangs is noticed. */
record PulsedReconciler(PoolReconciler reconciler, Pulse pulse) implements Reconciler<WorkerPool> {
  @Override
  public List<EventSource<?, WorkerPool>> prepareEventSources(
      EventSourceContext<WorkerPool> context) {
    return reconciler.prepareEventSources(context);
  }

  @Override
  public UpdateControl<WorkerPool> reconcile(WorkerPool pool, Context<WorkerPool> context) {
    return pulse.look(PoolKey.of(pool), () -> reconciler.reconcile(pool, context));
  }
}
