package io.tensorfleet.worker.session;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tensorfleet.proto.v1.CancelLease;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.Lost;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Renewal;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Verdicts;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.worker.polling.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Leases as long as there is credit; of the leases it takes one in eight away and cancels one in
 * eight, and it hangs up after about each fiftieth. Writes down what must not happen. All on the
 * session's loop.
 */
final class FickleOrchestrator implements Connector {
  private final Executor loop;
  private final int wanted;
  private final SplittableRandom random = new SplittableRandom(11);
  private final Set<LeaseToken> open = new HashSet<>();
  private final Set<LeaseToken> gone = new HashSet<>();
  private final Set<LeaseToken> sentHere = new HashSet<>();
  private final Set<LeaseToken> sentEver = new HashSet<>();
  private final List<String> faults = new ArrayList<>();
  private int leased;
  private int credit;

  FickleOrchestrator(Executor loop, int wanted) {
    this.loop = loop;
    this.wanted = wanted;
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  /** Whether all leases have found their end and so much credit is out. */
  boolean settled(int slots) {
    return leased == wanted && open.isEmpty() && credit == slots;
  }

  @Override
  public Link open(LinkEvents events) {
    credit = 0;
    sentHere.clear();
    return new Line(events);
  }

  private final class Line implements Link {
    private final LinkEvents events;
    private boolean cut;

    Line(LinkEvents events) {
      this.events = events;
    }

    @Override
    public void send(WorkerMessage message) {
      switch (message.getMessageCase()) {
        case HELLO -> welcome(message.getHello().getHeldList());
        case CREDIT -> credit += message.getCredit().getSlots();
        case RESULTS -> message.getResults().getResultsList().forEach(this::result);
        case RETURNING -> faults.add("a lease was handed back: " + message.getReturning());
        default -> {}
      }
      lease();
    }

    private void welcome(List<LeaseToken> held) {
      List<LeaseToken> kept = held.stream().filter(open::contains).toList();
      kept = kept.stream().filter(_ -> random.nextInt(4) > 0).toList();
      Welcome welcome =
          Welcome.newBuilder()
              .setLease(com.google.protobuf.Duration.newBuilder().setSeconds(60))
              .setHeartbeatInterval(com.google.protobuf.Duration.newBuilder().setSeconds(20))
              .addAllKept(kept)
              .build();
      events.message(OrchestratorMessage.newBuilder().setWelcome(welcome).build());
      open.retainAll(welcome.getKeptList());
    }

    private void lease() {
      while (!cut && credit > 0 && leased < wanted) {
        credit--;
        LeaseToken token = Bench.token("t" + leased++);
        open.add(token);
        Lease lease =
            Lease.newBuilder()
                .setToken(token)
                .setTask(TaskSpec.newBuilder().setModelType("xgboost"))
                .setLength(com.google.protobuf.Duration.newBuilder().setSeconds(60))
                .build();
        events.message(
            OrchestratorMessage.newBuilder()
                .setLeases(Leases.newBuilder().addLeases(lease))
                .build());
        trouble(token);
      }
    }

    private void trouble(LeaseToken token) {
      switch (random.nextInt(8)) {
        case 0 -> later(() -> takeAway(token));
        case 1 -> later(() -> cancel(token));
        default -> {}
      }
      if (random.nextInt(50) == 0) {
        later(this::hangUp);
      }
    }

    /** Some turns of the loop later. */
    private void later(Runnable what) {
      Runnable step = what;
      for (int turns = random.nextInt(6); turns > 0; turns--) {
        Runnable inner = step;
        step = () -> loop.execute(inner);
      }
      loop.execute(step);
    }

    private void takeAway(LeaseToken token) {
      if (!cut && open.remove(token)) {
        Lost lost = Lost.newBuilder().setToken(token).setReason("made to be lost").build();
        events.message(
            OrchestratorMessage.newBuilder()
                .setRenewal(Renewal.newBuilder().addLost(lost))
                .build());
        loop.execute(() -> gone.add(token));
      }
    }

    private void cancel(LeaseToken token) {
      if (!cut) {
        CancelLease cancel = CancelLease.newBuilder().setToken(token).setReason("no more").build();
        events.message(OrchestratorMessage.newBuilder().setCancel(cancel).build());
      }
    }

    private void hangUp() {
      if (!cut) {
        cut = true;
        events.closed(Status.UNAVAILABLE.withDescription("hung up"));
      }
    }

    private void result(Result result) {
      LeaseToken token = result.getToken();
      if (sentEver.add(token) && gone.contains(token)) {
        faults.add("a result after its lease was taken away: " + token.getTaskId());
      }
      if (!sentHere.add(token)) {
        faults.add("a result twice on one stream: " + token.getTaskId());
      }
      open.remove(token);
      Verdict verdict =
          Verdict.newBuilder().setToken(token).setKind(Verdict.Kind.KIND_ACCEPTED).build();
      events.message(
          OrchestratorMessage.newBuilder()
              .setVerdicts(Verdicts.newBuilder().addVerdicts(verdict))
              .build());
    }

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void complete() {}

    @Override
    public void abandon(String why) {
      cut = true;
    }
  }

  @Override
  public <Q, A> void call(
      MethodDescriptor<Q, A> method, Q request, Duration deadline, Consumer<Reply<A>> reply) {
    throw new UnsupportedOperationException("the new wire makes no calls");
  }

  @Override
  public void close() {}
}
