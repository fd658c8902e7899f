package io.tensorfleet.worker.session;

import static io.tensorfleet.worker.session.Bench.ref;
import static io.tensorfleet.worker.session.Bench.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.ReturnedLease;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task that has run for as long as it may goes back to the queue, and loses nothing. */
@Timeout(30)
class HandBackTest {
  private final Bench bench = Bench.holding(1, Duration.ofSeconds(5));
  private FakeOrchestrator.Stream stream;

  @BeforeEach
  void lease() throws InterruptedException {
    stream = bench.connect();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private List<ReturnedLease> returned() {
    return stream.received.stream()
        .filter(WorkerMessage::hasReturning)
        .flatMap(message -> message.getReturning().getLeasesList().stream())
        .toList();
  }

  /** The trainer does so, and a tick comes when it has. */
  private void does(String order) throws InterruptedException {
    bench.order("a", order);
    bench.awaitTaken("a");
    bench.step(Duration.ZERO);
  }

  private void awaitReturned() throws InterruptedException {
    bench.await(
        () -> {
          bench.step(Duration.ZERO);
          return !returned().isEmpty();
        });
  }

  @Test
  void itGoesBackWithTheFirstCheckpointThatItMakesWhenItsTimeIsUp() throws InterruptedException {
    does("checkpoint");
    bench.step(Duration.ofMillis(4_999));
    does("checkpoint");
    assertThat(returned()).isEmpty();
    bench.step(Duration.ofMillis(1));
    assertThat(returned()).isEmpty();
    bench.order("a", "checkpoint");
    awaitReturned();
    ReturnedLease lease = returned().getFirst();
    assertThat(lease.getCheckpoint()).isEqualTo(ref(3));
    assertThat(lease.getEpochsDone()).isEqualTo(3);
    assertThat(lease.getReason()).contains("it has run for 5s on this worker (HAND_BACK_AFTER)");
    assertThat(stream.results()).isEmpty();
  }

  @Test
  void onlyACheckpointLetsItGoSoThatItsWorkIsNotLost() throws InterruptedException {
    bench.step(Duration.ofSeconds(5));
    does("epoch");
    bench.step(Duration.ofSeconds(4));
    assertThat(returned()).isEmpty();
    bench.order("a", "end");
    bench.await(() -> stream.results().size() == 1);
    assertThat(returned()).isEmpty();
  }

  @Test
  void aTrainerThatIgnoresItIsGivenUpAndItsTaskGoesBackAllTheSame() throws InterruptedException {
    bench.step(Duration.ofSeconds(5));
    bench.order("a", "checkpoint");
    bench.order("a", "deaf");
    awaitReturned();
    assertThat(returned().getFirst().getCheckpoint()).isEqualTo(ref(1));
    assertThat(returned().getFirst().getReason()).contains("the trainer ignored it");
    bench.order("a", "wake");
    bench.order("a", "end");
  }

  @Test
  void theSlotRestsForAMomentSoThatOthersMayTakeTheTask() throws InterruptedException {
    bench.step(Duration.ofSeconds(5));
    bench.order("a", "checkpoint");
    awaitReturned();
    stream.verdict(token("a"), Verdict.Kind.KIND_ACCEPTED);
    bench.step(Duration.ofMillis(1_900));
    assertThat(stream.credit()).isEqualTo(1);
    bench.step(Duration.ofMillis(200));
    assertThat(stream.credit()).isEqualTo(2);
  }

  @Test
  void withoutASettingItStays() throws InterruptedException {
    try (Bench other = new Bench(1)) {
      FakeOrchestrator.Stream its = other.connect();
      its.lease(token("a"));
      other.await(() -> other.facts.active() == 1);
      other.step(Duration.ofSeconds(9));
      other.order("a", "checkpoint");
      other.awaitTaken("a");
      other.step(Duration.ZERO);
      assertThat(its.received).noneMatch(WorkerMessage::hasReturning);
      other.order("a", "end");
      other.await(() -> its.results().size() == 1);
    }
  }
}
