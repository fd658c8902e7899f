package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of one worker id. */
@Timeout(180)
class SupersededIT {
  @TempDir private Path folder;
  private final NewestWins orchestrator = new NewestWins();
  private final Server server =
      NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .addService(orchestrator)
          .build()
          .start();

  SupersededIT() throws IOException {}

  @AfterEach
  void close() {
    server.shutdownNow();
  }

  /** Welcomes the newest, tells the one before; gives the first a task. */
  private static final class NewestWins extends WorkServiceGrpc.WorkServiceImplBase {
    final List<Visit> visits = new CopyOnWriteArrayList<>();

    @Override
    public StreamObserver<WorkerMessage> work(StreamObserver<OrchestratorMessage> worker) {
      Visit visit = new Visit(worker);
      visits.forEach(older -> older.tell(Status.ALREADY_EXISTS.withDescription("incarnation two")));
      visits.add(visit);
      return visit;
    }

    private static final class Visit implements StreamObserver<WorkerMessage> {
      private final StreamObserver<OrchestratorMessage> worker;
      final List<WorkerMessage> received = new CopyOnWriteArrayList<>();

      Visit(StreamObserver<OrchestratorMessage> worker) {
        this.worker = worker;
      }

      void tell(Status status) {
        worker.onError(status.asException());
      }

      @Override
      public void onNext(WorkerMessage message) {
        received.add(message);
        if (message.hasHello()) {
          Welcome welcome = Welcome.newBuilder().setLease(seconds(30)).build();
          worker.onNext(OrchestratorMessage.newBuilder().setWelcome(welcome).build());
        }
      }

      void lease(LeaseToken token) {
        Lease lease =
            Lease.newBuilder()
                .setToken(token)
                .setJobId("job")
                .setTask(
                    TaskSpec.newBuilder()
                        .setModelType("xgboost")
                        .setEpochs(600)
                        .putHyperparameters("simulation.epoch_ms", "300"))
                .setLength(seconds(30))
                .build();
        worker.onNext(
            OrchestratorMessage.newBuilder()
                .setLeases(Leases.newBuilder().addLeases(lease))
                .build());
      }

      boolean got(WorkerMessage.MessageCase kind) {
        return received.stream().anyMatch(message -> message.getMessageCase() == kind);
      }

      Hello hello() {
        return received.getFirst().getHello();
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        worker.onCompleted();
      }
    }

    private static com.google.protobuf.Duration seconds(int seconds) {
      return com.google.protobuf.Duration.newBuilder().setSeconds(seconds).build();
    }
  }

  private WorkerProcess worker() throws IOException {
    return new WorkerProcess(
        folder, "twin", server.getPort(), Map.of("CPU_CORES", "3", "GPU_COUNT", "2"));
  }

  @Test
  void theNewerProcessWinsAndTheOlderStopsItsTasksReportsNothingAndSaysWhy() throws Exception {
    try (WorkerProcess older = worker()) {
      older.until("it asks for work", () -> got(0, WorkerMessage.MessageCase.CREDIT));
      NewestWins.Visit first = orchestrator.visits.getFirst();
      first.lease(LeaseToken.newBuilder().setTaskId("t").setAttempt(1).setFence(1).build());
      older.until("it trains", () -> first.got(WorkerMessage.MessageCase.PROGRESS));
      try (WorkerProcess newer = worker()) {
        assertThat(older.ended()).isEqualTo(1);
        assertThat(older.log("a newer process has taken over the worker id twin")).isNotEmpty();
        newer.until("it asks for work", () -> got(1, WorkerMessage.MessageCase.CREDIT));
        assertThat(first.got(WorkerMessage.MessageCase.RESULTS)).isFalse();
        assertThat(first.got(WorkerMessage.MessageCase.RETURNING)).isFalse();
        assertThat(newer.alive()).isTrue();
        assertThat(orchestrator.visits).hasSize(2);
        assertBothSaidWhatTheyAre(first.hello(), orchestrator.visits.getLast().hello());
      }
    }
  }

  private boolean got(int visit, WorkerMessage.MessageCase kind) {
    return orchestrator.visits.size() > visit && orchestrator.visits.get(visit).got(kind);
  }

  private static void assertBothSaidWhatTheyAre(Hello older, Hello newer) {
    for (Hello hello : List.of(older, newer)) {
      Capabilities capabilities = hello.getCapabilities();
      assertThat(capabilities.getCpuCores()).isEqualTo(3);
      assertThat(capabilities.getGpuCount()).isEqualTo(2);
      assertThat(capabilities.getMemoryBytes()).isPositive();
      assertThat(hello.getSlots()).isEqualTo(3);
    }
    assertThat(newer.getIncarnation()).isNotEqualTo(older.getIncarnation());
  }
}
