package io.tensorfleet.orchestrator.grpc;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.orchestrator.store.DatabaseException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls that block away from the event loop, and turns what goes wrong into a status with a
 * sentence.
 */
public final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private final Executor blocking;

  public Answers(Executor blocking) {
    this.blocking = blocking;
  }

  /** Answers a unary call with what the work returns. */
  <T> void answer(StreamObserver<T> out, Callable<T> work) {
    run(
        out,
        () -> {
          T answer = work.call();
          out.onNext(answer);
          out.onCompleted();
          return true;
        });
  }

  /** Runs the work, which answers by itself; only what it throws is answered here. */
  <T> void run(StreamObserver<T> out, Callable<Boolean> work) {
    Context context = Context.current();
    try {
      blocking.execute(
          context.wrap(
              () -> {
                if (!context.isCancelled()) {
                  guarded(out, work);
                }
              }));
    } catch (RejectedExecutionException e) {
      out.onError(
          Status.UNAVAILABLE
              .withDescription("the orchestrator stops: try another")
              .asRuntimeException());
    }
  }

  private static <T> void guarded(StreamObserver<T> out, Callable<Boolean> work) {
    try {
      work.call();
    } catch (Exception e) {
      try {
        out.onError(status(e).asRuntimeException());
      } catch (IllegalStateException | StatusRuntimeException gone) {
        LOG.debug("A caller had gone before its answer", gone);
      }
    }
  }

  static Status status(Exception e) {
    return switch (e) {
      case StatusException known -> known.getStatus();
      case StatusRuntimeException known -> known.getStatus();
      case DatabaseException away when away.away() -> {
        LOG.warn("A call was not answered, the database is away: {}", away.getMessage());
        yield Status.UNAVAILABLE.withDescription("the queue's database does not answer: try again");
      }
      default -> {
        LOG.error("A call failed", e);
        yield Status.INTERNAL.withDescription(
            "the orchestrator made a mistake, its log tells more");
      }
    };
  }

  static StatusException invalid(String told) {
    return Status.INVALID_ARGUMENT.withDescription(told).asException();
  }

  static StatusException notFound(String thing) {
    return Status.NOT_FOUND.withDescription(thing).asException();
  }
}
