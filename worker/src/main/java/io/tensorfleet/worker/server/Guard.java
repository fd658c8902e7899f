package io.tensorfleet.worker.server;

import io.grpc.BindableService;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what goes wrong in a call with a sentence: INVALID_ARGUMENT where the request is at
 * fault, INTERNAL and a line in the log where the worker is.
 */
final class Guard implements ServerInterceptor {
  static final String SENTENCE = "the worker stumbled over this call; its log says more";
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  /** The service behind a guard, which also sees requests that are no messages. */
  static ServerServiceDefinition around(BindableService service) {
    return ServerInterceptors.intercept(
        ServerInterceptors.useInputStreamMessages(service.bindService()), new Guard());
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Answering<Q, A> answering = new Answering<>(call);
    try {
      return new Listening<>(next.startCall(answering, headers), answering);
    } catch (RuntimeException failure) {
      answering.fail(failure);
      return new ServerCall.Listener<>() {};
    }
  }

  private static final class Answering<Q, A>
      extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
    private boolean closed;
    private boolean failed;

    Answering(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      closed = true;
      super.close(isNotUnary(status) ? as(Status.INVALID_ARGUMENT, status) : status, trailers);
    }

    /** What the stubs say of a unary call with no request or with two. */
    private static boolean isNotUnary(Status status) {
      return status.getCode() == Status.Code.INTERNAL
          && ("Half-closed without a request".equals(status.getDescription())
              || "Too many requests".equals(status.getDescription()));
    }

    private static Status as(Status code, Status status) {
      return code.withDescription(status.getDescription());
    }

    void fail(RuntimeException failure) {
      failed = true;
      boolean unreadable = failure instanceof StatusRuntimeException;
      if (!unreadable) {
        LOG.error("{} threw", getMethodDescriptor().getFullMethodName(), failure);
      }
      if (!closed) {
        close(
            unreadable
                ? Status.INVALID_ARGUMENT.withDescription(
                    "the request is not a message as %s takes it"
                        .formatted(getMethodDescriptor().getFullMethodName()))
                : Status.INTERNAL.withDescription(SENTENCE),
            new Metadata());
      }
    }
  }

  private static final class Listening<Q>
      extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
    private final Answering<Q, ?> answering;

    Listening(ServerCall.Listener<Q> listener, Answering<Q, ?> answering) {
      super(listener);
      this.answering = answering;
    }

    @Override
    public void onMessage(Q message) {
      guarded(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      guarded(super::onHalfClose);
    }

    @Override
    public void onReady() {
      guarded(super::onReady);
    }

    private void guarded(Runnable step) {
      if (answering.failed) {
        return;
      }
      try {
        step.run();
      } catch (RuntimeException failure) {
        answering.fail(failure);
      }
    }
  }
}
