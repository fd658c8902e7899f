package io.tensorfleet.e2e.drill;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.CancelLease;
import io.tensorfleet.proto.v1.Drain;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.Lost;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Renewal;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Verdicts;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An orchestrator that puts hostile text into every field that has room for it. */
final class HostileOrchestrator extends WorkServiceGrpc.WorkServiceImplBase
    implements AutoCloseable {
  private static final int SLOTS = 64;
  private final BlockingQueue<WorkerMessage> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<StreamObserver<OrchestratorMessage>> streams =
      new LinkedBlockingQueue<>();
  private final Server server;

  HostileOrchestrator() {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      server = NettyServerBuilder.forAddress(address).addService(this).build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  static int slots() {
    return SLOTS;
  }

  @Override
  public StreamObserver<WorkerMessage> work(StreamObserver<OrchestratorMessage> out) {
    streams.add(out);
    return new StreamObserver<>() {
      @Override
      public void onNext(WorkerMessage message) {
        heard.add(message);
      }

      @Override
      public void onError(Throwable broken) {}

      @Override
      public void onCompleted() {
        out.onCompleted();
      }
    };
  }

  /** The next stream that a worker opens. */
  StreamObserver<OrchestratorMessage> stream() throws InterruptedException {
    var stream = streams.poll(60, TimeUnit.SECONDS);
    if (stream == null) {
      throw new AssertionError("no worker came within 60 s");
    }
    return stream;
  }

  /** Waits for a message of this kind; others are passed over. */
  WorkerMessage next(WorkerMessage.MessageCase kind) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() - end < 0) {
      WorkerMessage message = heard.poll(1, TimeUnit.SECONDS);
      if (message != null && message.getMessageCase() == kind) {
        return message;
      }
    }
    throw new AssertionError("no " + kind + " came within 60 s");
  }

  static OrchestratorMessage welcome() {
    return OrchestratorMessage.newBuilder()
        .setWelcome(
            Welcome.newBuilder()
                .setOrchestratorId(Hostile.text("orchestrator_id"))
                .setLease(seconds(60))
                .setHeartbeatInterval(seconds(1)))
        .build();
  }

  /** A task that is right but for its names, so that it runs and shows in metrics. */
  static OrchestratorMessage runnable(String task, String job) {
    return leases(
        lease(task, job)
            .setTask(
                spec("xgboost")
                    .setDatasetPath(Hostile.text("dataset_path"))
                    .putHyperparameters("note", Hostile.text("value"))
                    .putHyperparameters("simulation.epoch_ms", "200")
                    .setEpochs(1_000)));
  }

  /** Tasks that are refused, each for another field. */
  static OrchestratorMessage refusable() {
    return leases(
        lease("r1", Hostile.text("job_id")).setTask(spec(Hostile.text("model_type"))),
        lease("r2", "j").setTask(spec("xgboost").putHyperparameters(Hostile.text("k"), "1")),
        lease("r3", "j")
            .setTask(spec("xgboost").putHyperparameters("batch_size", Hostile.text("v"))),
        lease("r4", "j")
            .setTask(spec("xgboost").putHyperparameters("simulation.curve", Hostile.text("c"))),
        lease("r5", "j")
            .setTask(spec("xgboost").putHyperparameters("simulation." + Hostile.text("n"), "1")));
  }

  /** What stops a task, twice over, and verdicts that come too late. */
  static Stream<OrchestratorMessage> words(LeaseToken running, LeaseToken other) {
    var lost = Lost.newBuilder().setToken(running).setReason(Hostile.text("lost"));
    var cancel = CancelLease.newBuilder().setToken(other).setReason(Hostile.text("cancel"));
    return Stream.of(
        OrchestratorMessage.newBuilder().setRenewal(Renewal.newBuilder().addLost(lost)).build(),
        OrchestratorMessage.newBuilder().setCancel(cancel).build());
  }

  static OrchestratorMessage stale(List<LeaseToken> tokens) {
    var verdicts = Verdicts.newBuilder();
    tokens.forEach(
        token ->
            verdicts.addVerdicts(
                Verdict.newBuilder()
                    .setToken(token)
                    .setKind(Verdict.Kind.KIND_STALE)
                    .setReason(Hostile.text("stale"))));
    return OrchestratorMessage.newBuilder().setVerdicts(verdicts).build();
  }

  static OrchestratorMessage drain() {
    return OrchestratorMessage.newBuilder()
        .setDrain(Drain.newBuilder().setReason(Hostile.text("drain")))
        .build();
  }

  static Throwable failure() {
    return Status.UNAVAILABLE.withDescription(Hostile.text("status")).asRuntimeException();
  }

  private static OrchestratorMessage leases(Lease.Builder... leases) {
    var message = Leases.newBuilder();
    Stream.of(leases).forEach(message::addLeases);
    return OrchestratorMessage.newBuilder().setLeases(message).build();
  }

  private static Lease.Builder lease(String task, String job) {
    return Lease.newBuilder().setToken(token(task)).setJobId(job).setLength(seconds(60));
  }

  static LeaseToken token(String task) {
    return LeaseToken.newBuilder().setTaskId(task).setAttempt(1).setFence(1).build();
  }

  private static TaskSpec.Builder spec(String model) {
    return TaskSpec.newBuilder().setModelType(model);
  }

  private static com.google.protobuf.Duration seconds(int seconds) {
    return com.google.protobuf.Duration.newBuilder().setSeconds(seconds).build();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
