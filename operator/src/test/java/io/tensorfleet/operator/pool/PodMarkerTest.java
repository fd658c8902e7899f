package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.Scaling;
import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.WorkerState;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PodMarkerTest {
  private final FakePods pods = new FakePods();
  private final Parallel parallel = new Parallel();
  private final PodMarker marker = new PodMarker(pods, parallel, (_, _) -> {});

  @AfterEach
  void stop() {
    parallel.close();
  }

  @ParameterizedTest
  @EnumSource(ScalingMode.class)
  void busyWorkersAreMarkedInEveryModeButADryRun(ScalingMode mode) {
    marker.mark(seen(mode), Pools.plan(1, 1, 0));

    assertThat(pods.annotated())
        .hasSize(mode == ScalingMode.DryRun ? 0 : 1)
        .allMatch(Pools.podName(0)::equals);
  }

  private static Observation seen(ScalingMode mode) {
    WorkerPool pool = Pools.pool();
    pool.setSpec(pool.getSpec().withScaling(Scaling.defaults().withMode(mode)));
    var busy =
        WorkerState.newBuilder()
            .setWorkerId(Pools.podName(0))
            .setConnected(true)
            .setSlots(3)
            .setBusy(1);
    return new Observation(
        pool,
        Pools.blueprint(),
        List.of(Pools.pod(Pools.podName(0))),
        new QueueReading.Known(QueueSnapshot.newBuilder().addWorkers(busy).build(), Pools.NOON),
        PoolMemory.restored(pool, List.of()),
        Pools.NOON);
  }
}
