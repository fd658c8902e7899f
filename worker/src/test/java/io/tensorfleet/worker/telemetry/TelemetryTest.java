package io.tensorfleet.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.RunEvents;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.session.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private static final String TEXT = WorkerMetrics.contentType("");
  private final Facts facts = new Facts(Instant.parse("2026-01-01T00:00:00Z"));
  private final Slots slots = new Slots(3);
  private final WorkerMetrics metrics =
      new WorkerMetrics(facts, slots, () -> new Usage(12.5, 4096));

  private static final class Latch implements RunEvents {
    private final CountDownLatch ends = new CountDownLatch(1);

    @Override
    public void progressed(Run run, int epochsTotal, EpochMetrics reached) {}

    @Override
    public void ended(Run run, RunEnd end) {
      ends.countDown();
    }
  }

  private void runTask(String model, String job, String id) throws InterruptedException {
    Latch latch = new Latch();
    try (Runner runner =
        new Runner(
            (task, progress) -> {
              progress.epoch(1, 1, new EpochMetrics(0.5, 0.75, 0.6));
              return EpochMetrics.NONE;
            },
            Instant::now,
            List.of(facts, metrics))) {
      TaskSpec spec = TaskSpec.newBuilder().setModelType(model).build();
      runner.start(
          new TrainingTask(id, job, spec),
          slots.tryTake().orElseThrow(),
          Duration.ofMinutes(1),
          latch);
      assertThat(latch.ends.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void theContractsMetricsAreThereWithTheirLabels() throws InterruptedException {
    runTask("xgboost", "j1", "t1");
    String text = metrics.scrape(TEXT);
    assertThat(text)
        .contains(
            "worker_task_duration_seconds_bucket{job_id=\"j1\",model_type=\"xgboost\",le=\"0.1\"}")
        .contains("worker_tasks_completed_total{model_type=\"xgboost\",status=\"completed\"} 1.0")
        .contains("worker_training_loss{job_id=\"j1\",task_id=\"t1\"} 0.5")
        .contains("worker_validation_loss{job_id=\"j1\",task_id=\"t1\"} 0.6")
        .contains("worker_training_accuracy{job_id=\"j1\",task_id=\"t1\"} 0.75")
        .contains("worker_cpu_usage_percent 12.5")
        .contains("worker_memory_usage_bytes 4096.0")
        .contains("worker_concurrent_tasks 0.0");
  }

  @Test
  void openMetricsComeWhereTheyAreAskedFor() {
    String type =
        WorkerMetrics.contentType("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
    assertThat(type).startsWith("application/openmetrics-text");
    assertThat(metrics.scrape(type)).endsWith("# EOF\n");
  }

  @Test
  void seriesAreBoundedHoweverManyJobsAndTasksThereWere() throws InterruptedException {
    for (int i = 0; i < 300; i++) {
      runTask("model-" + i, "job-" + i, "task-" + i);
    }
    String text = metrics.scrape(TEXT);
    assertThat(
            text.lines()
                .filter(line -> line.startsWith("worker_task_duration_seconds_count"))
                .count())
        .isEqualTo(100);
    assertThat(text.lines().filter(line -> line.startsWith("worker_training_loss{")).count())
        .isEqualTo(200);
    assertThat(
            text.lines().filter(line -> line.startsWith("worker_tasks_completed_total{")).count())
        .isEqualTo(1);
    assertThat(text).contains("job_id=\"job-299\"").doesNotContain("job_id=\"job-99\"");
  }

  @Test
  void noNameOfATaskCanForgeALineOfMetrics() throws InterruptedException {
    runTask("xgboost", "j\r\u2028x", "t\u001b[2K\u202e");
    assertThat(metrics.scrape(TEXT))
        .contains("job_id=\"j\\\\r\\\\u{2028}x\"")
        .doesNotContain("\r", "\u2028", "\u001b", "\u202e");
  }

  @Test
  void aFinishedTasksGaugesAreGoneWithinAMinute() throws InterruptedException {
    runTask("xgboost", "j1", "t1");
    metrics.sweep(System.nanoTime() + Duration.ofSeconds(59).toNanos());
    assertThat(metrics.scrape(TEXT)).doesNotContain("task_id=\"t1\"");
  }

  @Test
  void healthHasTheContractsNames() {
    Instant now = facts.startedAt().plus(Duration.ofSeconds(8130));
    String json = new HealthReport("w\"1", facts, new Usage(1.5, 42), now).json();
    assertThat(json)
        .startsWith(
            "{\"worker_id\":\"w\\\"1\",\"status\":\"DISCONNECTED\",\"uptime\":\"2h15m30s\",\"active_tasks\":0,"
                + "\"completed_tasks\":0,\"cpu_usage\":1.50,\"memory_usage\":42,\"last_heartbeat\":null,"
                + "\"orchestrator_connection\":\"connecting\"");
  }
}
