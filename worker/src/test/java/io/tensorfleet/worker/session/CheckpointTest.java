package io.tensorfleet.worker.session;

import static io.tensorfleet.worker.session.Bench.ref;
import static io.tensorfleet.worker.session.Bench.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tensorfleet.proto.v1.CancelLease;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Outcome;
import io.tensorfleet.proto.v1.Progress;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.ReturnedLease;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CheckpointTest {
  private final Bench bench = new Bench(1, Optional.empty(), Duration.ofMillis(30));

  @AfterEach
  void close() {
    bench.close();
  }

  private static ReturnedLease returned(FakeOrchestrator.Stream stream) {
    return stream.received.stream()
        .filter(WorkerMessage::hasReturning)
        .map(message -> message.getReturning().getLeases(0))
        .findFirst()
        .orElseThrow();
  }

  private static void lease(FakeOrchestrator.Stream stream, String task, int epochsDone) {
    Lease lease =
        Lease.newBuilder()
            .setToken(token(task))
            .setLength(com.google.protobuf.Duration.newBuilder().setSeconds(10))
            .setCheckpoint(ref(epochsDone))
            .setResumeEpoch(epochsDone)
            .build();
    stream.events.message(
        OrchestratorMessage.newBuilder().setLeases(Leases.newBuilder().addLeases(lease)).build());
  }

  private void handBack(FakeOrchestrator.Stream stream) throws InterruptedException {
    bench.session.drain(new Exit(143, "SIGTERM"));
    bench.session.drain(new Exit(143, "SIGTERM"));
    bench.await(() -> stream.received.stream().anyMatch(WorkerMessage::hasReturning));
  }

  @Test
  void progressCarriesTheNewestCheckpointEvenWhereTheLastEpochsHadNone()
      throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    bench.step(Duration.ofMillis(50));
    stream.lease(token("a"));
    bench.order("a", "checkpoint");
    bench.order("a", "checkpoint");
    bench.order("a", "epoch");
    bench.order("a", "end");
    bench.await(() -> stream.results().size() == 1);
    Progress progress =
        stream.received.stream()
            .filter(WorkerMessage::hasProgress)
            .map(message -> message.getProgress().getEntries(0))
            .findFirst()
            .orElseThrow();
    assertThat(progress.getEpochsDone()).isEqualTo(3);
    assertThat(progress.getCheckpoint()).isEqualTo(ref(2));
  }

  @Test
  void aLeaseHandedBackCarriesTheNewestCheckpointAndItsEpochs() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.order("a", "checkpoint");
    bench.order("a", "checkpoint");
    bench.order("a", "deaf");
    bench.awaitTaken("a");
    handBack(stream);
    assertThat(returned(stream).getCheckpoint()).isEqualTo(ref(2));
    assertThat(returned(stream).getEpochsDone()).isEqualTo(2);
    assertThat(returned(stream).getReason()).contains("drains", "the trainer ignored it");
    assertThat(bench.facts.active()).isZero();
    bench.order("a", "end");
  }

  @Test
  void aLeaseThatGotNowhereIsHandedBackWithTheCheckpointItCameWith() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    lease(stream, "a", 4);
    bench.await(() -> bench.facts.active() == 1);
    lease(stream, "b", 5);
    bench.drainLoop();
    assertThat(returned(stream).getToken()).isEqualTo(token("b"));
    assertThat(returned(stream).getCheckpoint()).isEqualTo(ref(5));
    assertThat(returned(stream).getEpochsDone()).isEqualTo(5);
    stream.received.clear();
    handBack(stream);
    assertThat(returned(stream).getCheckpoint()).isEqualTo(ref(4));
    assertThat(returned(stream).getEpochsDone()).isEqualTo(4);
  }

  @Test
  void aCancelThatIsIgnoredIsReportedOnceAndItsSlotIsOfferedAgain() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.order("a", "deaf");
    bench.awaitTaken("a");
    CancelLease cancel =
        CancelLease.newBuilder().setToken(token("a")).setReason("a person asked").build();
    stream.events.message(OrchestratorMessage.newBuilder().setCancel(cancel).build());
    bench.await(() -> stream.results().size() == 1);
    Result result = stream.results().getFirst();
    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_CANCELLED);
    assertThat(result.getError()).contains("a person asked", "the trainer ignored it");
    assertThat(stream.credit()).isEqualTo(2);
    bench.order("a", "wake");
    bench.order("a", "end");
    stream.lease(token("b"));
    bench.order("b", "end");
    bench.await(() -> stream.results().size() == 2);
    assertThat(stream.results().getLast().getToken()).isEqualTo(token("b"));
  }

  @Test
  void aWorkerThatMustLeaveDoesNotHastenALeaveThatHasBegun() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    bench.session.drainOnce(new Exit(1, "too many strays"));
    bench.session.drainOnce(new Exit(1, "too many strays"));
    bench.drainLoop();
    assertThat(stream.received).noneMatch(WorkerMessage::hasReturning);
    bench.order("a", "end");
    bench.await(() -> stream.results().size() == 1);
    stream.verdict(token("a"), Verdict.Kind.KIND_ACCEPTED);
    bench.drainLoop();
    stream.events.closed(Status.OK);
    bench.drainLoop();
    assertThat(bench.session.exit().join().status()).isEqualTo(1);
  }
}
