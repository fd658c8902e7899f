package io.tensorfleet.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.crds.WorkerSettings;
import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.TaskState;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a person reads of a task that waits. */
class WaitsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Requirements TWO_GPUS =
      Requirements.newBuilder().setGpuCount(2).putLabels("zone", "a").build();

  @Test
  void aTaskThatAPoolCanServeWaitsForAFreeSlot() {
    assertThat(waits(pool(0)).of(task(Requirements.getDefaultInstance()), NOW))
        .isEqualTo("for a free slot");
    assertThat(waits(pool(2)).of(task(TWO_GPUS), NOW)).isEqualTo("for a free slot");
  }

  @Test
  void whatNoPoolOffersIsSaid() {
    assertThat(waits(pool(1)).of(task(TWO_GPUS), NOW))
        .isEqualTo("no pool offers 2 GPUs and label zone=a");
    assertThat(waits().of(task(TWO_GPUS), NOW)).isEqualTo("no pool serves queue default");
  }

  @Test
  void aWorkerOutsideThePoolsServesToo() {
    WorkerState.Builder worker =
        WorkerState.newBuilder()
            .setConnected(true)
            .addQueues("default")
            .setCapabilities(Capabilities.newBuilder().setGpuCount(4))
            .putLabels("zone", "a");
    assertThat(with(worker).of(task(TWO_GPUS), NOW)).isEqualTo("for a free slot");
    assertThat(with(worker.setCordoned(true)).of(task(TWO_GPUS), NOW)).startsWith("no pool");
  }

  @Test
  void withoutAClusterOnlyWorkersAreKnown() {
    var unknown = new Waits(Optional.empty(), List.of());

    assertThat(unknown.of(task(TWO_GPUS), NOW))
        .isEqualTo("no worker offers 2 GPUs and label zone=a");
    assertThat(unknown.of(task(Requirements.getDefaultInstance()), NOW)).isEqualTo("for a worker");
  }

  @Test
  void aTaskThatWillBeTriedAgainSaysWhen() {
    Task later =
        task(TWO_GPUS).toBuilder()
            .setNotBefore(Timestamp.newBuilder().setSeconds(NOW.getEpochSecond() + 12))
            .build();

    assertThat(waits().of(later, NOW)).isEqualTo("for its next try in 12s");
  }

  @Test
  void aTaskThatRunsOrHasEndedWaitsForNothing() {
    Task running = task(TWO_GPUS).toBuilder().setState(TaskState.TASK_STATE_RUNNING).build();

    assertThat(waits().of(running, NOW)).isEmpty();
  }

  private static Waits waits(WorkerPool... pools) {
    return new Waits(Optional.of(List.of(pools)), List.of());
  }

  private static Waits with(WorkerState.Builder worker) {
    return new Waits(Optional.of(List.of(pool(0))), List.of(worker.build()));
  }

  private static WorkerPool pool(int gpus) {
    var pool = new WorkerPool();
    pool.setSpec(
        WorkerPoolSpec.defaults()
            .withWorker(
                new WorkerSettings(
                    1,
                    null,
                    null,
                    null,
                    null,
                    "10m",
                    new WorkerSettings.Capabilities(null, null, gpus),
                    Map.of("zone", "a"))));
    return pool;
  }

  private static Task task(Requirements requires) {
    return Task.newBuilder()
        .setQueue("default")
        .setState(TaskState.TASK_STATE_WAITING)
        .setSpec(TaskSpec.newBuilder().setRequires(requires))
        .build();
  }
}
