package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.CancelLease;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Outcome;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Verdicts;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The delivered jar as a process that is given tasks which do it harm. */
@Timeout(120)
class StrayIT {
  @TempDir private Path folder;
  private final Orchestrator orchestrator = new Orchestrator();
  private final Server server =
      NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .addService(orchestrator)
          .build()
          .start();
  private Process process = new ProcessBuilder("true").start();

  StrayIT() throws IOException {}

  /** Leases as asked to, keeps results and accepts them. */
  private static final class Orchestrator extends WorkServiceGrpc.WorkServiceImplBase {
    private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
    private final BlockingQueue<OrchestratorMessage> toSend = new LinkedBlockingQueue<>();

    @Override
    public StreamObserver<WorkerMessage> work(StreamObserver<OrchestratorMessage> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(WorkerMessage message) {
          if (message.hasHello()) {
            answers.onNext(OrchestratorMessage.newBuilder().setWelcome(welcome()).build());
          } else if (message.hasCredit()) {
            toSend.forEach(answers::onNext);
            toSend.clear();
          }
          message.getResults().getResultsList().forEach(result -> settle(answers, result));
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }

    private static Welcome welcome() {
      return Welcome.newBuilder()
          .setLease(com.google.protobuf.Duration.newBuilder().setSeconds(60))
          .setHeartbeatInterval(com.google.protobuf.Duration.newBuilder().setSeconds(5))
          .build();
    }

    private void settle(StreamObserver<OrchestratorMessage> answers, Result result) {
      Verdict verdict =
          Verdict.newBuilder()
              .setToken(result.getToken())
              .setKind(Verdict.Kind.KIND_ACCEPTED)
              .build();
      answers.onNext(
          OrchestratorMessage.newBuilder()
              .setVerdicts(Verdicts.newBuilder().addVerdicts(verdict))
              .build());
      results.add(result);
    }

    void lease(LeaseToken token, Map<String, String> hyperparameters) {
      Lease lease =
          Lease.newBuilder()
              .setToken(token)
              .setTask(
                  TaskSpec.newBuilder()
                      .setModelType("xgboost")
                      .setEpochs(4)
                      .putAllHyperparameters(hyperparameters))
              .setLength(com.google.protobuf.Duration.newBuilder().setSeconds(60))
              .build();
      toSend.add(
          OrchestratorMessage.newBuilder().setLeases(Leases.newBuilder().addLeases(lease)).build());
    }

    void cancel(LeaseToken token) {
      CancelLease cancel = CancelLease.newBuilder().setToken(token).setReason("enough").build();
      toSend.add(OrchestratorMessage.newBuilder().setCancel(cancel).build());
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    process.destroyForcibly().waitFor();
    server.shutdownNow();
  }

  private void start(String faults) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            "target/app/tensorfleet-worker-app.jar");
    builder
        .environment()
        .putAll(
            Map.of(
                "ORCHESTRATOR_ADDRESS", "127.0.0.1:" + server.getPort(),
                "MAX_CONCURRENT_TASKS", "1",
                "BIND_ADDRESS", "127.0.0.1",
                "WORKER_PORT", "0",
                "METRICS_PORT", "0",
                "SIMULATION_FAULTS", faults));
    process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("worker.log").toFile())
            .start();
  }

  private static LeaseToken token(String task) {
    return LeaseToken.newBuilder().setTaskId(task).setAttempt(1).setFence(7).build();
  }

  private Result result() throws InterruptedException {
    Result result = orchestrator.results.poll(60, TimeUnit.SECONDS);
    assertThat(result).as("a result within 60 s").isNotNull();
    return result;
  }

  @Test
  void aWorkerFullOfTrainersThatIgnoreBeingStoppedReportsAndLeavesWithStatusOne() throws Exception {
    orchestrator.lease(
        token("deaf"), Map.of("simulation.ignore_stop", "true", "simulation.epoch_ms", "60000"));
    orchestrator.cancel(token("deaf"));
    start("allowed");
    Result result = result();
    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_CANCELLED);
    assertThat(result.getError()).isEqualTo("cancelled: enough; the trainer ignored it");
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("worker.log")))
        .contains("1 trainer ignores being stopped", "(tasks deaf)");
  }

  @Test
  void aTaskCanEndTheProcessOnlyWhereThatIsAllowed() throws Exception {
    orchestrator.lease(token("deadly"), Map.of("simulation.exit_at_epoch", "0"));
    start("refused");
    Result refused = result();
    assertThat(refused.getOutcome()).isEqualTo(Outcome.OUTCOME_NON_RETRYABLE);
    assertThat(refused.getError())
        .contains("simulation.exit_at_epoch", "SIMULATION_FAULTS=allowed");
    process.destroyForcibly().waitFor();
    orchestrator.lease(token("deadly"), Map.of("simulation.exit_at_epoch", "0"));
    start("allowed");
    assertThat(process.waitFor()).isEqualTo(70);
  }
}
