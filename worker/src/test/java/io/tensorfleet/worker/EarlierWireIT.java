package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.worker.session.EarlierMemory;
import io.tensorfleet.worker.session.EarlierOrchestrator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The delivered jar against an orchestrator that knows the earlier seven calls only. */
@Timeout(180)
class EarlierWireIT {
  @TempDir private Path folder;
  private final EarlierOrchestrator orchestrator = new EarlierOrchestrator(Duration.ofSeconds(5));

  EarlierWireIT() throws IOException {}

  @AfterEach
  void close() {
    orchestrator.close();
  }

  private WorkerProcess worker(Map<String, String> more) throws IOException {
    return new WorkerProcess(folder, "old-timer", orchestrator.port(), more);
  }

  @Test
  void itTrainsAJobThroughARestartOfTheOrchestratorSaysTheWireOnceAndLeavesBySigterm()
      throws Exception {
    Map<String, String> how = Map.of("simulation.epoch_ms", "400");
    orchestrator.memory().create(EarlierMemory.job("job", "xgboost", 2, how));
    try (WorkerProcess worker = worker(Map.of("MAX_CONCURRENT_TASKS", "4"))) {
      worker.until("some are done", () -> orchestrator.memory().completions().size() >= 4);
      orchestrator.kill();
      worker.untilHealth("\"orchestrator_connection\":\"disconnected\"");
      orchestrator.comeBack();
      worker.until("all are done", () -> orchestrator.memory().state("job").equals("COMPLETED"));
      worker.untilHealth("\"orchestrator_connection\":\"connected\"");
      worker.untilHealth("\"ready\":true");
      assertThat(worker.get("/metrics"))
          .contains("worker_orchestrator_wire{wire=\"old\"} 1")
          .contains("worker_orchestrator_wire{wire=\"new\"} 0");
      assertThat(orchestrator.memory().completions())
          .extracting(TaskCompletionRequest::getTaskId)
          .hasSize(20)
          .doesNotHaveDuplicates();
      assertThat(worker.log("it speaks the old wire")).hasSize(1);
      worker.sigterm();
      assertThat(worker.ended()).isEqualTo(143);
    }
  }

  @Test
  void sigtermInMidTaskLetsItFinishAndReport() throws Exception {
    Map<String, String> how = Map.of("simulation.epoch_ms", "3000");
    orchestrator.memory().create(EarlierMemory.job("job", "xgboost", 1, how));
    try (WorkerProcess worker = worker(Map.of("MAX_CONCURRENT_TASKS", "2"))) {
      worker.until("two run", () -> orchestrator.memory().assigned() == 2);
      worker.sigterm();
      assertThat(worker.ended()).isEqualTo(143);
      assertThat(orchestrator.memory().completions())
          .hasSize(2)
          .allMatch(TaskCompletionRequest::getSuccess);
    }
  }

  @Test
  void pastTheDrainTimeTasksAreReportedAsHandedBack() throws Exception {
    Map<String, String> how = Map.of("simulation.epoch_ms", "60000");
    orchestrator.memory().create(EarlierMemory.job("job", "xgboost", 1, how));
    try (WorkerProcess worker =
        worker(Map.of("MAX_CONCURRENT_TASKS", "2", "DRAIN_TIMEOUT", "500ms"))) {
      worker.until("two run", () -> orchestrator.memory().assigned() == 2);
      worker.sigterm();
      assertThat(worker.ended()).isEqualTo(143);
      List<TaskCompletionRequest> done = orchestrator.memory().completions();
      assertThat(done)
          .hasSize(2)
          .allMatch(completion -> !completion.getSuccess())
          .allMatch(
              completion -> completion.getErrorMessage().equals("handed back: the worker drains"));
    }
  }
}
