package io.tensorfleet.orchestrator;

import com.google.protobuf.util.Durations;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.proto.v1.Credit;
import io.tensorfleet.proto.v1.Heartbeat;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Metrics;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Outcome;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.ResultReport;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A worker that does just what a test tells it, over a real connection. */
final class TestWorker implements AutoCloseable {
  private final ManagedChannel channel;
  private final StreamObserver<WorkerMessage> out;
  private final List<OrchestratorMessage> heard = new CopyOnWriteArrayList<>();
  private volatile Optional<Status> ended = Optional.empty();
  private volatile Consumer<Lease> onLease = _ -> {};

  private TestWorker(int port) {
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().directExecutor().build();
    out = WorkServiceGrpc.newStub(channel).work(new Ear());
  }

  private final class Ear implements StreamObserver<OrchestratorMessage> {
    @Override
    public void onNext(OrchestratorMessage message) {
      heard.add(message);
      message.getLeases().getLeasesList().forEach(lease -> onLease.accept(lease));
    }

    @Override
    public void onError(Throwable t) {
      ended = Optional.of(Status.fromThrowable(t));
    }

    @Override
    public void onCompleted() {
      ended = Optional.of(Status.OK);
    }
  }

  static Hello hello(String id, String incarnation, int slots) {
    return Hello.newBuilder()
        .setWorkerId(id)
        .setIncarnation(incarnation)
        .setSlots(slots)
        .setCapabilities(Capabilities.newBuilder().setCpuCores(2).setMemoryBytes(1L << 30))
        .build();
  }

  /** Connects, says hello and waits for the welcome. */
  static TestWorker join(Orchestrator to, Hello hello) {
    TestWorker worker = dial(to, hello);
    worker.welcome();
    return worker;
  }

  static TestWorker dial(Orchestrator to, Hello hello) {
    TestWorker worker = new TestWorker(to.grpcPort());
    worker.say(WorkerMessage.newBuilder().setHello(hello).build());
    return worker;
  }

  synchronized void say(WorkerMessage message) {
    out.onNext(message);
  }

  Welcome welcome() {
    return Waiting.find(
        "welcome",
        () ->
            heard.stream()
                .filter(OrchestratorMessage::hasWelcome)
                .findFirst()
                .map(OrchestratorMessage::getWelcome));
  }

  void credit(int slots) {
    say(WorkerMessage.newBuilder().setCredit(Credit.newBuilder().setSlots(slots)).build());
  }

  void onLease(Consumer<Lease> action) {
    onLease = action;
  }

  List<Lease> leases() {
    List<Lease> leases = new ArrayList<>();
    heard.forEach(m -> leases.addAll(m.getLeases().getLeasesList()));
    return leases;
  }

  List<Lease> leases(int count) {
    Waiting.until(count + " leases", () -> leases().size() >= count);
    return leases();
  }

  void beat(LeaseToken... tokens) {
    say(
        WorkerMessage.newBuilder()
            .setHeartbeat(Heartbeat.newBuilder().addAllLeases(List.of(tokens)).setCpuPercent(50))
            .build());
  }

  void result(LeaseToken token, Outcome outcome) {
    Result.Builder result =
        Result.newBuilder()
            .setToken(token)
            .setOutcome(outcome)
            .setDuration(Durations.fromMillis(100))
            .setEpochsDone(10)
            .setMetrics(Metrics.newBuilder().setLoss(0.5).setAccuracy(0.9));
    if (outcome != Outcome.OUTCOME_COMPLETED) {
      result.setError("it did not work");
    }
    say(
        WorkerMessage.newBuilder()
            .setResults(ResultReport.newBuilder().addResults(result))
            .build());
  }

  Verdict.Kind verdict(LeaseToken token) {
    return Waiting.find(
        "verdict on " + token.getTaskId(),
        () ->
            verdicts().stream()
                .filter(v -> v.getToken().equals(token))
                .findFirst()
                .map(Verdict::getKind));
  }

  List<Verdict> verdicts() {
    List<Verdict> verdicts = new ArrayList<>();
    heard.forEach(m -> verdicts.addAll(m.getVerdicts().getVerdictsList()));
    return verdicts;
  }

  List<OrchestratorMessage> heard() {
    return heard;
  }

  Status end() {
    return Waiting.find("end of the stream", () -> ended);
  }

  void leave() {
    out.onCompleted();
  }

  /** Breaks the connection as a killed process does. */
  void die() {
    channel.shutdownNow();
  }

  @Override
  public void close() {
    die();
  }
}
