package io.tensorfleet.worker.session;

import io.tensorfleet.proto.orchestrator.AssignTaskResponse;
import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.proto.orchestrator.TaskCompletionResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** A worker of two slots on a bench, whose orchestrator speaks the old wire. */
abstract class PollingBench {
  static final String ASSIGN = "AssignTask";
  static final String COMPLETE = "ReportTaskCompletion";
  static final String STATUS = "GetJobStatus";
  static final String METRICS = "UpdateJobMetrics";
  static final Duration BLINK = Duration.ofMillis(50);

  final Bench bench = new Bench(2);

  @AfterEach
  void close() {
    bench.close();
  }

  static AssignTaskResponse task(String id) {
    return AssignTaskResponse.newBuilder()
        .setTaskId(id)
        .setJobId("job")
        .setModelType("xgboost")
        .setEpoch(4)
        .build();
  }

  /** Hands a task out and waits until it runs. */
  void hand(FakeCalls calls, String id) throws InterruptedException {
    int before = bench.facts.active();
    calls.open(ASSIGN).getFirst().answer(task(id));
    bench.await(() -> bench.facts.active() == before + 1);
  }

  TaskCompletionRequest completion(FakeCalls calls) throws InterruptedException {
    bench.await(() -> !calls.open(COMPLETE).isEmpty());
    return (TaskCompletionRequest) calls.open(COMPLETE).getFirst().request;
  }

  void acknowledge(FakeCalls calls) {
    calls
        .open(COMPLETE)
        .getFirst()
        .answer(TaskCompletionResponse.newBuilder().setAcknowledged(true).build());
    bench.drainLoop();
  }
}
