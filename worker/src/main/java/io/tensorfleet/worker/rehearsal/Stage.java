package io.tensorfleet.worker.rehearsal;

import com.google.protobuf.Duration;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.Drain;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Renewal;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Verdicts;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.util.List;

/** Plays the orchestrator: one lease for each credit, every result accepted. */
final class Stage extends WorkServiceGrpc.WorkServiceImplBase {
  private static final List<String> MODELS = List.of("neural_network", "xgboost", "random_forest");

  private final int tasks;
  private final Runnable curtain;
  private int leased;
  private int accepted;

  /**
   * An orchestrator with so many tasks.
   *
   * @param curtain is run when all results are accepted, before the worker is asked to leave
   */
  Stage(int tasks, Runnable curtain) {
    this.tasks = tasks;
    this.curtain = curtain;
  }

  @Override
  public StreamObserver<WorkerMessage> work(StreamObserver<OrchestratorMessage> worker) {
    return new StreamObserver<>() {
      @Override
      public void onNext(WorkerMessage message) {
        answer(message, worker);
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        worker.onCompleted();
      }
    };
  }

  private void answer(WorkerMessage message, StreamObserver<OrchestratorMessage> worker) {
    switch (message.getMessageCase()) {
      case HELLO -> worker.onNext(OrchestratorMessage.newBuilder().setWelcome(welcome()).build());
      case CREDIT -> worker.onNext(leases(message.getCredit().getSlots()));
      case HEARTBEAT ->
          worker.onNext(
              OrchestratorMessage.newBuilder()
                  .setRenewal(
                      Renewal.newBuilder().addAllRenewed(message.getHeartbeat().getLeasesList()))
                  .build());
      case RESULTS -> accept(message.getResults().getResultsList(), worker);
      default -> {}
    }
  }

  private static Welcome welcome() {
    return Welcome.newBuilder()
        .setOrchestratorId("rehearsal")
        .setLease(Duration.newBuilder().setSeconds(10))
        .setHeartbeatInterval(Duration.newBuilder().setNanos(100_000_000))
        .build();
  }

  private OrchestratorMessage leases(int credit) {
    Leases.Builder leases = Leases.newBuilder();
    for (int i = 0; i < credit && leased < tasks; i++) {
      leases.addLeases(lease(leased++));
    }
    return OrchestratorMessage.newBuilder().setLeases(leases).build();
  }

  private static Lease lease(int number) {
    TaskSpec task =
        TaskSpec.newBuilder()
            .setModelType(MODELS.get(number % MODELS.size()))
            .setEpochs(3)
            .putHyperparameters("learning_rate", "0.1")
            .putHyperparameters("simulation.epoch_ms", "20")
            .build();
    return Lease.newBuilder()
        .setToken(
            LeaseToken.newBuilder().setTaskId("rehearsal-" + number).setAttempt(1).setFence(1))
        .setJobId("rehearsal")
        .setTask(task)
        .setLength(Duration.newBuilder().setSeconds(10))
        .setRunTimeout(Duration.newBuilder().setSeconds(10))
        .build();
  }

  private void accept(List<Result> results, StreamObserver<OrchestratorMessage> worker) {
    Verdicts.Builder verdicts = Verdicts.newBuilder();
    for (Result result : results) {
      verdicts.addVerdicts(
          Verdict.newBuilder().setToken(result.getToken()).setKind(Verdict.Kind.KIND_ACCEPTED));
    }
    worker.onNext(OrchestratorMessage.newBuilder().setVerdicts(verdicts).build());
    accepted += results.size();
    if (accepted == tasks) {
      curtain.run();
      worker.onNext(
          OrchestratorMessage.newBuilder()
              .setDrain(Drain.newBuilder().setReason("the rehearsal is over"))
              .build());
    }
  }
}
