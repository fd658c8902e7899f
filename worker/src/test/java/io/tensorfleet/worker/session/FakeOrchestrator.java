package io.tensorfleet.worker.session;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Verdicts;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.worker.polling.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** An orchestrator in the test's hand: it keeps what came and says what it is told to say. */
final class FakeOrchestrator implements Connector {
  final List<Stream> streams = new ArrayList<>();
  final FakeCalls calls = new FakeCalls();
  boolean away;

  static final class Stream implements Link {
    final LinkEvents events;
    final List<WorkerMessage> received = new ArrayList<>();
    boolean completed;
    boolean ready = true;
    boolean broken;
    Optional<String> abandoned = Optional.empty();

    Stream(LinkEvents events) {
      this.events = events;
    }

    @Override
    public void send(WorkerMessage message) {
      if (broken) {
        throw new IllegalStateException("call already closed");
      }
      received.add(message);
    }

    @Override
    public boolean ready() {
      return ready;
    }

    @Override
    public void complete() {
      completed = true;
    }

    @Override
    public void abandon(String why) {
      abandoned = Optional.of(why);
    }

    int credit() {
      return received.stream().mapToInt(m -> m.getCredit().getSlots()).sum();
    }

    List<Result> results() {
      return received.stream().flatMap(m -> m.getResults().getResultsList().stream()).toList();
    }

    void welcome(LeaseToken... kept) {
      Welcome welcome =
          Welcome.newBuilder()
              .setOrchestratorId("fake")
              .setLease(com.google.protobuf.Duration.newBuilder().setSeconds(10))
              .setHeartbeatInterval(com.google.protobuf.Duration.newBuilder().setSeconds(2))
              .addAllKept(List.of(kept))
              .build();
      events.message(OrchestratorMessage.newBuilder().setWelcome(welcome).build());
    }

    void lease(LeaseToken token) {
      lease(lease -> lease.setToken(token));
    }

    /** Task {@code a}'s, unless the change says otherwise. */
    void lease(UnaryOperator<Lease.Builder> change) {
      Lease.Builder lease =
          Lease.newBuilder()
              .setToken(Bench.token("a"))
              .setJobId("job")
              .setTask(TaskSpec.newBuilder().setModelType("xgboost").setEpochs(1))
              .setLength(com.google.protobuf.Duration.newBuilder().setSeconds(10));
      Leases leases = Leases.newBuilder().addLeases(change.apply(lease)).build();
      events.message(OrchestratorMessage.newBuilder().setLeases(leases).build());
    }

    void verdict(LeaseToken token, Verdict.Kind kind) {
      Verdict verdict = Verdict.newBuilder().setToken(token).setKind(kind).build();
      events.message(
          OrchestratorMessage.newBuilder()
              .setVerdicts(Verdicts.newBuilder().addVerdicts(verdict))
              .build());
    }
  }

  @Override
  public Link open(LinkEvents events) {
    Stream stream = new Stream(events);
    streams.add(stream);
    if (away) {
      events.closed(Status.UNAVAILABLE.withDescription("away"));
    }
    return stream;
  }

  Stream last() {
    return streams.getLast();
  }

  @Override
  public <Q, A> void call(
      MethodDescriptor<Q, A> method, Q request, Duration deadline, Consumer<Reply<A>> reply) {
    calls.call(method, request, deadline, reply);
  }

  @Override
  public void close() {}
}
