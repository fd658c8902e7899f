package io.tensorfleet.orchestrator.session;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.orchestrator.core.HelloCheck;
import io.tensorfleet.orchestrator.core.Mistakes;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The Work stream's server side. Runs on the event loop: it only hands over. */
public final class WorkEndpoint extends WorkServiceGrpc.WorkServiceImplBase {
  private final Doorkeeper doorkeeper;
  private final Intake intake;
  private final Runnable wakeDispatcher;
  private final Executor blocking;

  public WorkEndpoint(
      Doorkeeper doorkeeper, Intake intake, Runnable wakeDispatcher, Executor blocking) {
    this.doorkeeper = doorkeeper;
    this.intake = intake;
    this.wakeDispatcher = wakeDispatcher;
    this.blocking = blocking;
  }

  @Override
  public StreamObserver<WorkerMessage> work(StreamObserver<OrchestratorMessage> out) {
    ((ServerCallStreamObserver<OrchestratorMessage>) out).setOnCancelHandler(() -> {});
    return new Stream(out);
  }

  /** One stream, from its first message to its end. */
  private final class Stream implements StreamObserver<WorkerMessage> {
    private static final int EARLY = 1_000;
    private final StreamObserver<OrchestratorMessage> out;
    private final List<WorkerMessage> early = new ArrayList<>();
    private Optional<Session> session = Optional.empty();
    private boolean helloSeen;
    private boolean ended;

    Stream(StreamObserver<OrchestratorMessage> out) {
      this.out = out;
    }

    @Override
    public synchronized void onNext(WorkerMessage message) {
      if (ended) {
        return;
      }
      if (session.isPresent()) {
        handle(session.get(), message);
      } else if (helloSeen) {
        keepForLater(message);
      } else if (message.hasHello()) {
        hello(message.getHello());
      } else {
        refuse(
            Status.FAILED_PRECONDITION,
            "the first message must be hello, it was " + message.getMessageCase());
      }
    }

    private void keepForLater(WorkerMessage message) {
      early.add(message);
      if (early.size() > EARLY) {
        refuse(
            Status.FAILED_PRECONDITION,
            "more than " + EARLY + " messages before welcome: wait for it");
      }
    }

    private void hello(Hello hello) {
      helloSeen = true;
      Mistakes mistakes = HelloCheck.of(hello);
      if (!mistakes.found().isEmpty()) {
        refuse(Status.INVALID_ARGUMENT, mistakes.told());
      } else if (!handOver(() -> joined(doorkeeper.join(hello, out)))) {
        refuse(Status.UNAVAILABLE, "the orchestrator stops: connect again");
      }
    }

    private synchronized void joined(Optional<Session> joined) {
      if (joined.isEmpty()) {
        ended = true;
        return;
      }
      session = joined;
      if (ended) {
        doorkeeper.leave(joined.get());
        return;
      }
      joined.get().onEnd(() -> handOver(() -> doorkeeper.leave(joined.get())));
      early.forEach(message -> handle(joined.get(), message));
      early.clear();
    }

    private void handle(Session of, WorkerMessage message) {
      switch (message.getMessageCase()) {
        case CREDIT -> {
          of.addCredit(message.getCredit().getSlots());
          wakeDispatcher.run();
        }
        case HEARTBEAT -> intake.beat(of, message.getHeartbeat());
        case PROGRESS ->
            message.getProgress().getEntriesList().forEach(one -> intake.progress(of, one));
        case RESULTS ->
            message.getResults().getResultsList().forEach(one -> intake.end(of, Ends.of(one)));
        case RETURNING ->
            message.getReturning().getLeasesList().forEach(one -> intake.end(of, Ends.of(one)));
        case DRAINING -> {
          of.drain();
          handOver(() -> doorkeeper.drain(of));
        }
        case HELLO ->
            of.end(
                Status.FAILED_PRECONDITION.withDescription(
                    "hello was said already on this stream"));
        case MESSAGE_NOT_SET ->
            of.end(
                Status.INVALID_ARGUMENT.withDescription("message is empty: set one of its fields"));
      }
    }

    private void refuse(Status status, String why) {
      ended = true;
      early.clear();
      out.onError(status.withDescription(why).asRuntimeException());
    }

    @Override
    public void onError(Throwable broken) {
      end(false);
    }

    @Override
    public void onCompleted() {
      end(true);
    }

    private synchronized void end(boolean inOrder) {
      if (ended) {
        return;
      }
      ended = true;
      session.ifPresent(s -> handOver(() -> doorkeeper.leave(s)));
      if (inOrder) {
        try {
          out.onCompleted();
        } catch (IllegalStateException e) {
          // it was ended from here already
        }
      }
    }

    private boolean handOver(Runnable task) {
      try {
        blocking.execute(task);
        return true;
      } catch (RejectedExecutionException e) {
        return false;
      }
    }
  }
}
