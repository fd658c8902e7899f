package io.tensorfleet.worker.session;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.worker.polling.Reply;
import io.tensorfleet.worker.tls.TlsWords;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens Work streams over gRPC; a half-open connection is found within 15 s. */
public final class GrpcConnector implements Connector {
  private final ManagedChannel channel;
  private final boolean secured;

  private GrpcConnector(ManagedChannel channel, boolean secured) {
    this.channel = channel;
    this.secured = secured;
  }

  /**
   * Makes a connector to the orchestrator at this target.
   *
   * @param tls absent: plaintext
   * @param serverName whom the orchestrator's certificate must be for; absent: the target's host
   */
  public static GrpcConnector to(
      String target, Optional<SslContext> tls, Optional<String> serverName) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(target)
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .directExecutor();
    tls.ifPresentOrElse(builder::sslContext, builder::usePlaintext);
    serverName.ifPresent(builder::overrideAuthority);
    return new GrpcConnector(builder.build(), tls.isPresent());
  }

  /** Begins to connect, so that the first stream need not wait for it. */
  public void connect() {
    var _ = channel.getState(true);
  }

  @Override
  public Link open(LinkEvents events) {
    channel.resetConnectBackoff();
    Stream stream = new Stream(events, secured);
    var _ = WorkServiceGrpc.newStub(channel).work(stream);
    return stream;
  }

  @Override
  public <Q, A> void call(
      MethodDescriptor<Q, A> method, Q request, Duration deadline, Consumer<Reply<A>> reply) {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    ClientCalls.asyncUnaryCall(
        channel.newCall(method, options), request, new Single<>(channel, reply));
  }

  /** Hears the one answer of a call, or why there is none. */
  private record Single<A>(ManagedChannel channel, Consumer<Reply<A>> reply)
      implements StreamObserver<A> {
    @Override
    public void onNext(A answer) {
      reply.accept(new Reply.Answer<>(answer));
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      boolean broken =
          status.getCode() == Status.Code.UNAVAILABLE
              && channel.getState(false) != ConnectivityState.READY;
      reply.accept(new Reply.Refusal<>(status, broken));
    }

    @Override
    public void onCompleted() {}
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private static final class Stream
      implements Link, ClientResponseObserver<WorkerMessage, OrchestratorMessage> {
    private final LinkEvents events;
    private final boolean secured;
    private boolean heard;
    private @Nullable ClientCallStreamObserver<WorkerMessage> requests;

    Stream(LinkEvents events, boolean secured) {
      this.events = events;
      this.secured = secured;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WorkerMessage> stream) {
      requests = stream;
    }

    @Override
    public void onNext(OrchestratorMessage message) {
      heard = true;
      events.message(message);
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      events.closed(heard ? status : secured ? TlsWords.secured(status) : TlsWords.plain(status));
    }

    @Override
    public void onCompleted() {
      events.closed(Status.UNAVAILABLE.withDescription("the orchestrator ended the stream"));
    }

    @Override
    public void send(WorkerMessage message) {
      requests().onNext(message);
    }

    @Override
    public boolean ready() {
      return requests().isReady();
    }

    @Override
    public void complete() {
      requests().onCompleted();
    }

    @Override
    public void abandon(String why) {
      requests().cancel(why, null);
    }

    private ClientCallStreamObserver<WorkerMessage> requests() {
      if (requests == null) {
        throw new IllegalStateException("the stream has not begun");
      }
      return requests;
    }
  }
}
