package io.tensorfleet.worker.session;

import static io.tensorfleet.worker.session.Bench.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tensorfleet.proto.v1.Heartbeat;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Renewal;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.worker.WorkerConfig;
import io.tensorfleet.worker.core.GpuUse;
import io.tensorfleet.worker.core.ScrapeFormat;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.telemetry.WorkerMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a heartbeat on the Work stream says, and what is counted of it. */
@Timeout(30)
class HeartbeatTest {
  private static final Duration OVER_THE_INTERVAL = Duration.ofMillis(2_100);
  private final Bench bench = new Bench(2);

  @AfterEach
  void close() {
    bench.close();
  }

  private String metrics() {
    return new WorkerMetrics(
            bench.facts, bench.slots, () -> bench.usage, new WorkerConfig.Series(1, 500))
        .scrape(ScrapeFormat.TEXT.contentType());
  }

  private static void answer(FakeOrchestrator.Stream stream) {
    stream.events.message(
        OrchestratorMessage.newBuilder().setRenewal(Renewal.getDefaultInstance()).build());
  }

  @Test
  void itTellsOfLeasesProcessorMemoryGpusAndUptime() throws InterruptedException {
    GpuUse.Memory memory = new GpuUse.Memory(20L << 30, 80L << 30);
    bench.usage =
        new Usage(
            150.5,
            1L << 33,
            List.of(
                new GpuUse(0, Optional.of(40), Optional.of(memory)),
                new GpuUse(1, Optional.of(21), Optional.of(memory)),
                new GpuUse(2, Optional.empty(), Optional.empty())));
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    bench.step(OVER_THE_INTERVAL);
    assertThat(stream.received.getLast().getHeartbeat())
        .isEqualTo(
            Heartbeat.newBuilder()
                .addLeases(token("a"))
                .setCpuPercent(150.5)
                .setMemoryBytes(1L << 33)
                .setGpuPercent(30.5)
                .setGpuMemoryBytes(40L << 30)
                .setUptimeSeconds(8)
                .build());
  }

  @Test
  void thoseWithoutAnAnswerWhenTheirSessionEndsAreCountedAsFailed() {
    FakeOrchestrator.Stream first = bench.connect();
    bench.step(OVER_THE_INTERVAL);
    answer(first);
    bench.step(OVER_THE_INTERVAL);
    bench.step(OVER_THE_INTERVAL);
    assertThat(first.received.stream().filter(WorkerMessage::hasHeartbeat)).hasSize(3);
    assertThat(metrics())
        .contains("worker_heartbeats_total 3.0")
        .contains("worker_heartbeats_failed_total 0.0");
    first.events.closed(Status.UNAVAILABLE);
    bench.drainLoop();
    assertThat(metrics()).contains("worker_heartbeats_failed_total 2.0");
    bench.connect().events.closed(Status.UNAVAILABLE);
    bench.drainLoop();
    assertThat(metrics()).as("none was sent since").contains("worker_heartbeats_failed_total 2.0");
  }
}
