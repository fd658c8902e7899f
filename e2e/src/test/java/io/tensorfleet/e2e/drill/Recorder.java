package io.tensorfleet.e2e.drill;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one worker and its orchestrator, hands on every call as it is, and writes down
 * what goes by on the Work stream. It can hold back what the worker says, as a slow network does.
 */
final class Recorder extends io.grpc.HandlerRegistry implements AutoCloseable {
  static final MethodDescriptor.Marshaller<byte[]> AS_IS = new AsIs();

  private final String worker;
  private final History history;
  private final Gate gate = new Gate();
  private final ManagedChannel channel;
  private final Server server;

  Recorder(String worker, String target, History history) {
    this.worker = worker;
    this.history = history;
    this.channel = NettyChannelBuilder.forTarget(target).usePlaintext().directExecutor().build();
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      this.server =
          NettyServerBuilder.forAddress(address)
              .directExecutor()
              .permitKeepAliveTime(5, TimeUnit.SECONDS)
              .permitKeepAliveWithoutCalls(true)
              .fallbackHandlerRegistry(this)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("the recorder cannot listen", e);
    }
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** Holds back what the worker says, until it is released. */
  void hold() {
    gate.hold();
  }

  void release() {
    gate.release();
  }

  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
    var method =
        MethodDescriptor.newBuilder(AS_IS, AS_IS)
            .setFullMethodName(name)
            .setType(MethodDescriptor.MethodType.UNKNOWN)
            .build();
    boolean work = name.equals(WorkServiceGrpc.getWorkMethod().getFullMethodName());
    return ServerMethodDefinition.create(method, new Handler(work));
  }

  private final class Handler implements ServerCallHandler<byte[], byte[]> {
    private final boolean work;

    Handler(boolean work) {
      this.work = work;
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(
        ServerCall<byte[], byte[]> call, Metadata headers) {
      var relay = new Relay(call, gate, work ? Recorder.this.ear() : Relay.Ear.DEAF);
      return relay.start(channel, headers);
    }
  }

  private Relay.Ear ear() {
    return new Relay.Ear() {
      @Override
      public void said(byte[] message) {
        try {
          note(Wire.said(history.now(), worker, WorkerMessage.parseFrom(message)));
        } catch (InvalidProtocolBufferException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void heard(byte[] message) {
        try {
          note(Wire.heard(history.now(), worker, OrchestratorMessage.parseFrom(message)));
        } catch (InvalidProtocolBufferException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void gone() {
        history.add(new Event.Disconnected(history.now(), worker));
      }
    };
  }

  private void note(List<Event> events) {
    events.forEach(history::add);
  }

  @Override
  public void close() {
    server.shutdownNow();
    channel.shutdownNow();
  }

  private static final class AsIs implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
