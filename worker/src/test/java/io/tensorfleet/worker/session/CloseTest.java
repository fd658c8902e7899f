package io.tensorfleet.worker.session;

import static io.tensorfleet.worker.session.LiveSession.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tensorfleet.proto.worker.TaskRequest;
import io.tensorfleet.proto.worker.WorkerServiceGrpc;
import io.tensorfleet.worker.Worker;
import io.tensorfleet.worker.WorkerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole worker that is closed in mid-task. */
@Timeout(120)
class CloseTest {
  private final Set<Thread> before = taskThreads();

  private static Set<Thread> taskThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("task-"))
        .filter(thread -> !thread.getName().equals("task-timers"))
        .collect(Collectors.toSet());
  }

  private List<Thread> tasksOfThisTest() {
    return taskThreads().stream().filter(thread -> !before.contains(thread)).toList();
  }

  private static Worker start(int orchestratorPort) throws Exception {
    Map<String, String> variables =
        Map.of(
            "ORCHESTRATOR_ADDRESS", "127.0.0.1:" + orchestratorPort,
            "BIND_ADDRESS", "127.0.0.1",
            "WORKER_PORT", "0",
            "METRICS_PORT", "0",
            "MAX_CONCURRENT_TASKS", "1");
    return Worker.start(WorkerConfig.fromEnvironment(variables, () -> "w"));
  }

  /** Closes it once its one task runs, and waits until that task's thread has ended too. */
  private void closeInMidTask(Worker worker) throws InterruptedException {
    until("a task runs", () -> tasksOfThisTest().size() == 1);
    List<Thread> tasks = tasksOfThisTest();
    worker.close();
    for (Thread task : tasks) {
      assertThat(task.join(Duration.ofSeconds(60))).as("the task's thread ends").isTrue();
    }
  }

  @Test
  void withATaskOfAnEarlierOrchestratorItLogsNoStackTrace() throws Exception {
    try (Logged logged = new Logged();
        EarlierOrchestrator orchestrator = new EarlierOrchestrator(Duration.ofSeconds(1))) {
      orchestrator
          .memory()
          .create(EarlierMemory.job("job", "xgboost", 1, Map.of("simulation.epoch_ms", "60000")));
      closeInMidTask(start(orchestrator.port()));
      assertThat(logged.traces()).isEmpty();
    }
  }

  @Test
  void withALeasedTaskItLogsNoStackTrace() throws Exception {
    try (Logged logged = new Logged();
        LeasingOrchestrator orchestrator = new LeasingOrchestrator()) {
      closeInMidTask(start(orchestrator.port()));
      assertThat(logged.traces()).isEmpty();
    }
  }

  @Test
  void withATaskOfItsOwnServiceItLogsNoStackTrace() throws Exception {
    try (Logged logged = new Logged()) {
      Worker worker = start(1);
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", worker.grpcPort()).usePlaintext().build();
      var _ =
          WorkerServiceGrpc.newFutureStub(channel)
              .executeTask(
                  TaskRequest.newBuilder()
                      .setTaskId("t")
                      .setModelType("xgboost")
                      .putHyperparameters("simulation.epoch_ms", "60000")
                      .build());
      closeInMidTask(worker);
      channel.shutdownNow();
      assertThat(logged.traces()).isEmpty();
    }
  }
}
