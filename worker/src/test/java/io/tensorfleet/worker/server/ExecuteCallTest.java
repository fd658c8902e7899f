package io.tensorfleet.worker.server;

import static io.tensorfleet.worker.server.Served.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.worker.CancelTaskRequest;
import io.tensorfleet.proto.worker.CancelTaskResponse;
import io.tensorfleet.proto.worker.TaskRequest;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.polling.Reply;
import io.tensorfleet.worker.server.GenericClient.First;
import io.tensorfleet.worker.session.Connector;
import io.tensorfleet.worker.session.Facts;
import io.tensorfleet.worker.session.Link;
import io.tensorfleet.worker.session.LinkEvents;
import io.tensorfleet.worker.session.Session;
import io.tensorfleet.worker.session.SessionParts;
import io.tensorfleet.worker.telemetry.HealthReport;
import io.tensorfleet.worker.trainer.Trainer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order of things, in the test's hand: the session's thread moves when it is told to. */
class ExecuteCallTest {
  private final Slots slots = new Slots(2);
  private final Facts facts = new Facts(Instant.EPOCH);
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Runner runner = new Runner(new Waiting(end), () -> Instant.EPOCH, List.of(facts));
  private final OldWire wire =
      new OldWire(
          new GrpcEndpoints.OldWireParts(
              session(),
              runner,
              new TaskTimeout(Duration.ofMinutes(5), false),
              () -> new HealthReport("w", facts, new Usage(0, 0), Instant.EPOCH)));

  /** Trains until the test ends it; one that is stopped before does not complete. */
  private record Waiting(CountDownLatch end) implements Trainer {
    @Override
    public EpochMetrics train(TrainingTask task, Progress progress) throws InterruptedException {
      end.await();
      return EpochMetrics.NONE;
    }
  }

  private static final class Nobody implements Connector {
    @Override
    public Link open(LinkEvents events) {
      throw new IllegalStateException("no orchestrator is there");
    }

    @Override
    public <Q, A> void call(
        MethodDescriptor<Q, A> method, Q request, Duration deadline, Consumer<Reply<A>> reply) {
      reply.accept(new Reply.Refusal<>(Status.UNAVAILABLE, true));
    }

    @Override
    public void close() {}
  }

  private Session session() {
    return new Session(
        new SessionParts(
            new SessionParts.Settings(
                Hello.getDefaultInstance(),
                Optional.empty(),
                new TaskTimeout(Duration.ofMinutes(5), false),
                Duration.ofSeconds(60)),
            slots,
            runner,
            new Nobody(),
            facts,
            new SessionParts.Ground(
                () -> 0, () -> Instant.EPOCH, () -> 0.5, () -> new Usage(0, 0), loop::add)));
  }

  @AfterEach
  void close() {
    runner.close();
  }

  private void turn() {
    for (Runnable step = loop.poll(); step != null; step = loop.poll()) {
      step.run();
    }
  }

  private Caller call(String id) {
    Caller caller = new Caller();
    wire.executeTask(TaskRequest.newBuilder().setTaskId(id).build(), caller);
    return caller;
  }

  @Test
  void aSecondCallerOfARunningTaskWhoGoesAwayLeavesTheFirstCallersRunAlone() throws Exception {
    Caller first = call("one");
    turn();
    Caller second = call("one");
    second.goAway();
    turn();
    end.countDown();

    assertThat(first.answer.get(20, TimeUnit.SECONDS).getMessage()).isEqualTo("completed");
    assertThat(second.answer).isCompletedExceptionally();
  }

  @Test
  void aCallerWhoGoesAwayStopsItsRunAndGivesTheSlotBack() throws Exception {
    Caller caller = call("one");
    turn();
    caller.goAway();

    assertThat(caller.answer.get(20, TimeUnit.SECONDS).getMessage())
        .isEqualTo("the caller went away");
    until(() -> slots.free() == 2);
  }

  @Test
  void aCallerWhoGoesAwayBeforeTheSlotCameTakesNone() {
    Caller caller = call("one");
    caller.goAway();
    turn();

    assertThat(facts.active()).isZero();
    assertThat(slots.free()).isEqualTo(2);
    call("one");
    turn();
    assertThat(facts.active()).isEqualTo(1);
  }

  @Test
  void aTaskCancelledBeforeItsSlotCameIsStoppedAsItBegins() throws Exception {
    Caller caller = call("one");
    var cancelled = new CompletableFuture<CancelTaskResponse>();
    wire.cancelTask(
        CancelTaskRequest.newBuilder().setTaskId("one").build(), new First<>(cancelled));
    turn();

    assertThat(cancelled.get(20, TimeUnit.SECONDS).getSuccess()).isTrue();
    assertThat(caller.answer.get(20, TimeUnit.SECONDS).getMessage())
        .isEqualTo("cancelled on request");
  }
}
