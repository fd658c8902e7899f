package io.tensorfleet.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.WorkerConfig;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.GpuUse;
import io.tensorfleet.worker.core.ScrapeFormat;
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
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private static final String TEXT = ScrapeFormat.TEXT.contentType();
  private static final List<String> MODELS = List.of("neural_network", "xgboost", "random_forest");
  private final Facts facts = new Facts(Instant.parse("2026-01-01T00:00:00Z"));
  private Usage usage = new Usage(12.5, 4096);
  private final Slots slots = new Slots(3);
  private WorkerMetrics metrics =
      new WorkerMetrics(facts, slots, () -> usage, new WorkerConfig.Series(100, 500));

  private static final class Latch implements RunEvents {
    private final CountDownLatch ends = new CountDownLatch(1);

    @Override
    public void progressed(Run run, int epochsTotal, EpochMetrics reached) {}

    @Override
    public void ended(Run run, RunEnd end) {
      ends.countDown();
    }
  }

  private Runner runner() {
    return new Runner(
        (task, progress) -> {
          progress.epoch(1, 1, new EpochMetrics(0.5, 0.75, 0.6));
          return EpochMetrics.NONE;
        },
        Instant::now,
        List.of(facts, metrics));
  }

  private void runTask(String model, String job, String id) throws InterruptedException {
    try (Runner runner = runner()) {
      runTask(runner, model, new TrainingTask(id, job, TaskSpec.getDefaultInstance()));
    }
  }

  private void runTask(Runner runner, String model, TrainingTask named)
      throws InterruptedException {
    Latch latch = new Latch();
    TaskSpec spec = TaskSpec.newBuilder().setModelType(model).setBatchEnd(100).build();
    runner.start(
        new TrainingTask(named.taskId(), named.jobId(), spec),
        slots.tryTake().orElseThrow(),
        Duration.ofMinutes(1),
        latch);
    assertThat(latch.ends.await(10, TimeUnit.SECONDS)).isTrue();
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
        .contains("worker_epochs_total 1.0")
        .contains("worker_batches_total 100.0")
        .contains("worker_concurrent_tasks 0.0");
  }

  @Test
  void tasksOfTwoJobsThatAreNamedAlikeHaveGaugesOfTheirOwn() throws InterruptedException {
    runTask("xgboost", "j1", "t1");
    runTask("xgboost", "j2", "t1");
    assertThat(metrics.scrape(TEXT))
        .contains("worker_training_loss{job_id=\"j1\",task_id=\"t1\"} 0.5")
        .contains("worker_training_loss{job_id=\"j2\",task_id=\"t1\"} 0.5");
  }

  @Test
  void openMetricsEndWithTheirMark() {
    assertThat(metrics.scrape(ScrapeFormat.OPEN_METRICS.contentType())).endsWith("# EOF\n");
  }

  private static long series(String page) {
    return page.lines().filter(line -> !line.startsWith("#")).count();
  }

  @Test
  void tenThousandTasksOfAThousandJobsLeaveAtMostFiveHundredSeries() throws InterruptedException {
    TaskSpec none = TaskSpec.getDefaultInstance();
    try (Runner runner = runner()) {
      for (int i = 0; i < 10_000; i++) {
        String model = MODELS.get(i % MODELS.size());
        runTask(runner, model, new TrainingTask("task-" + i, "job-" + i / 10, none));
      }
    }
    String text = metrics.scrape(TEXT);
    assertThat(series(text)).isLessThanOrEqualTo(500);
    assertThat(text)
        .contains("job_id=\"job-999\"")
        .doesNotContain("job_id=\"job-900\"")
        .contains("worker_epochs_total 10000.0");
    metrics.sweep(System.nanoTime() + Duration.ofSeconds(59).toNanos());
    assertThat(metrics.scrape(TEXT)).doesNotContain("worker_training_loss{");
  }

  @Test
  void jobsLeaveTheOldestFirstWhereTheirNumberIsWhatIsBounded() throws InterruptedException {
    metrics = new WorkerMetrics(facts, slots, () -> usage, new WorkerConfig.Series(2, 100_000));
    runTask("xgboost", "j1", "t1");
    runTask("xgboost", "j2", "t2");
    runTask("random_forest", "j1", "t3");
    runTask("xgboost", "j3", "t4");
    String durations =
        metrics
            .scrape(TEXT)
            .lines()
            .filter(line -> line.startsWith("worker_task_duration_seconds_count"))
            .collect(Collectors.joining("\n"));
    assertThat(durations).contains("\"j1\"", "\"j3\"").doesNotContain("\"j2\"");
  }

  @Test
  void hostileNamesAreOneLineEachAndShort() throws InterruptedException {
    runTask("\"} 1\nevil 2", "a\"b\\c\nd" + "x".repeat(1_000), "t\ud800\"\n");
    String text = metrics.scrape(TEXT);
    assertThat(text).contains("job_id=\"a\\\"b").contains("model_type=\"unknown\"");
    assertThat(text.lines().filter(line -> line.startsWith("worker_task_duration_seconds_count")))
        .singleElement()
        .satisfies(line -> assertThat(line.length()).isLessThan(250));
    assertThat(text.lines())
        .allMatch(line -> line.startsWith("#") || line.matches("[a-z_]+(\\{.*\\})? \\S+"));
  }

  @Test
  void gpusAreShownWhereThereAreSome() {
    assertThat(metrics.scrape(TEXT)).doesNotContain("worker_gpu");
    usage =
        new Usage(
            1,
            2,
            List.of(
                new GpuUse(0, Optional.of(35), Optional.of(new GpuUse.Memory(3, 10))),
                new GpuUse(1, Optional.empty(), Optional.empty())));
    assertThat(metrics.scrape(TEXT))
        .contains("worker_gpu_utilization_percent{gpu=\"0\"} 35.0")
        .contains("worker_gpu_memory_used_bytes{gpu=\"0\"} 3.0")
        .contains("worker_gpu_memory_total_bytes{gpu=\"0\"} 10.0")
        .doesNotContain("gpu=\"1\"");
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
}
