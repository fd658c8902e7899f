package io.tensorfleet.worker.session;

import static io.tensorfleet.worker.session.LiveSession.until;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Verdicts;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(180)
class TenThousandTasksTest {
  private static final int TASKS = 10_000;
  private static final int SLOTS = 4;
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.tensorfleet.worker");

  /** Hands out one lease for each credit and accepts every result. */
  private static final class Dealer extends WorkServiceGrpc.WorkServiceImplBase {
    final Set<String> done = ConcurrentHashMap.newKeySet();
    final AtomicInteger returned = new AtomicInteger();
    private final AtomicInteger dealt = new AtomicInteger();

    @Override
    public StreamObserver<WorkerMessage> work(StreamObserver<OrchestratorMessage> worker) {
      return new StreamObserver<>() {
        @Override
        public void onNext(WorkerMessage message) {
          heard(message, worker);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
          worker.onCompleted();
        }
      };
    }

    private void heard(WorkerMessage message, StreamObserver<OrchestratorMessage> worker) {
      switch (message.getMessageCase()) {
        case HELLO -> worker.onNext(welcome());
        case CREDIT -> deal(message.getCredit().getSlots(), worker);
        case RESULTS -> worker.onNext(accept(message.getResults().getResultsList()));
        case RETURNING -> returned.incrementAndGet();
        default -> {}
      }
    }

    private static OrchestratorMessage welcome() {
      Welcome welcome =
          Welcome.newBuilder().setLease(seconds(30)).setHeartbeatInterval(seconds(5)).build();
      return OrchestratorMessage.newBuilder().setWelcome(welcome).build();
    }

    private static com.google.protobuf.Duration seconds(int seconds) {
      return com.google.protobuf.Duration.newBuilder().setSeconds(seconds).build();
    }

    private void deal(int credit, StreamObserver<OrchestratorMessage> worker) {
      Leases.Builder leases = Leases.newBuilder();
      for (int i = 0; i < credit && dealt.get() < TASKS; i++) {
        String id = "task-" + dealt.incrementAndGet();
        leases.addLeases(
            Lease.newBuilder()
                .setToken(LeaseToken.newBuilder().setTaskId(id).setAttempt(1).setFence(1))
                .setJobId("job")
                .setTask(TaskSpec.newBuilder().setModelType("xgboost").setEpochs(1))
                .setLength(seconds(30)));
      }
      if (leases.getLeasesCount() > 0) {
        worker.onNext(OrchestratorMessage.newBuilder().setLeases(leases).build());
      }
    }

    private OrchestratorMessage accept(Iterable<Result> results) {
      Verdicts.Builder verdicts = Verdicts.newBuilder();
      for (Result result : results) {
        done.add(result.getToken().getTaskId());
        verdicts.addVerdicts(
            Verdict.newBuilder().setToken(result.getToken()).setKind(Verdict.Kind.KIND_ACCEPTED));
      }
      return OrchestratorMessage.newBuilder().setVerdicts(verdicts).build();
    }
  }

  /** Two lines a task would be most of the time. */
  @BeforeAll
  static void quiet() {
    LOG.setLevel(Level.INFO);
  }

  @AfterAll
  static void asBefore() {
    LOG.setLevel(null);
  }

  @Test
  void tenThousandTasksGoThroughFourSlotsFourAtATimeAndNoneIsLost() throws Exception {
    Dealer dealer = new Dealer();
    CountingTrainer trainer = new CountingTrainer();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(dealer)
            .build()
            .start();
    try (LiveSession _ =
        new LiveSession(server.getPort(), SLOTS, trainer, Duration.ofSeconds(30))) {
      until("the first is done", () -> !dealer.done.isEmpty());
      long since = System.nanoTime();
      until("all are done", () -> dealer.done.size() == TASKS);
      double seconds = (System.nanoTime() - since) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "FIGURE %d tasks through %d slots: %.0f/s, at most %d at once%n",
          TASKS,
          SLOTS,
          TASKS / seconds,
          trainer.most());
      assertThat(trainer.most()).isEqualTo(SLOTS);
      assertThat(trainer.runs()).hasSize(TASKS).allSatisfy((_, runs) -> assertThat(runs).isOne());
      assertThat(dealer.returned).hasValue(0);
    } finally {
      server.shutdownNow();
    }
  }
}
