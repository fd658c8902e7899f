package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.ScrapeFormat;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.RunEvents;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkshopTest {
  private static final TaskSpec QUICK =
      TaskSpec.newBuilder()
          .setModelType("xgboost")
          .setEpochs(1)
          .putHyperparameters("simulation.epoch_ms", "0")
          .build();

  private record Ends(CountDownLatch one) implements RunEvents {
    @Override
    public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {}

    @Override
    public void ended(Run run, RunEnd end) {
      one.countDown();
    }
  }

  private static void train(Workshop shop, String job) throws InterruptedException {
    Ends ends = new Ends(new CountDownLatch(1));
    shop.runner()
        .start(
            new TrainingTask("task-of-" + job, job, QUICK),
            shop.slots().tryTake().orElseThrow(),
            Duration.ofMinutes(1),
            ends);
    assertThat(ends.one().await(20, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"METRICS_MAX_JOBS,2,2", "METRICS_MAX_JOBS,1,1", "METRICS_MAX_SERIES,200,2"})
  void theBoundsThatAreSetHoldOnTheMetricsPage(String setting, String bound, int jobs)
      throws Exception {
    try (Opened opened = new Opened()) {
      WorkerConfig config = WorkerConfig.fromEnvironment(Map.of(setting, bound), () -> "w");
      Workshop shop = Workshop.open(config, opened, _ -> {});
      for (String job : new String[] {"first", "second", "third"}) {
        train(shop, job);
      }
      assertThat(shop.metrics().scrape(ScrapeFormat.TEXT.contentType()).lines())
          .filteredOn(line -> line.startsWith("worker_task_duration_seconds_count"))
          .hasSize(jobs)
          .last()
          .satisfies(line -> assertThat(line).contains("third"));
    }
  }
}
