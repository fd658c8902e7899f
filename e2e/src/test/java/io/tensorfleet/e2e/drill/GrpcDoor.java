package io.tensorfleet.e2e.drill;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tries bad inputs at the worker's gRPC server. */
final class GrpcDoor implements AutoCloseable {
  private static final String SERVICE = "worker.WorkerService/";
  private final ManagedChannel channel;

  GrpcDoor(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  List<Reply> tryAll(long seed, int random) {
    List<Reply> replies = new ArrayList<>();
    new BadCalls(seed).tasks(random).forEach(i -> replies.add(call(SERVICE + "ExecuteTask", i)));
    for (String method : List.of("CancelTask", "GetStatus", "GetWorkerStatus")) {
      BadCalls.others(seed + 1, random / 4)
          .forEach(input -> replies.add(call(SERVICE + method, input)));
    }
    for (String method :
        List.of(
            SERVICE + "Nothing", "worker.Nothing/ExecuteTask", "x/y", SERVICE + "executeTask")) {
      replies.add(
          call(method, Reply.Input.of("method " + method, Reply.Expect.REFUSAL, new byte[0])));
    }
    return replies;
  }

  /** Whether a good task completes. */
  boolean works() {
    var input = Reply.Input.of("good", Reply.Expect.ANSWER, BadCalls.good().build().toByteArray());
    return call(SERVICE + "ExecuteTask", input).outcome().equals("OK");
  }

  private Reply call(String method, Reply.Input input) {
    var descriptor =
        MethodDescriptor.newBuilder(Recorder.AS_IS, Recorder.AS_IS)
            .setFullMethodName(method)
            .setType(MethodDescriptor.MethodType.UNARY)
            .build();
    var options = CallOptions.DEFAULT.withDeadlineAfter(15, TimeUnit.SECONDS);
    try {
      var _ = ClientCalls.blockingUnaryCall(channel, descriptor, options, input.bytes());
      return input.answered(Reply.Door.GRPC, "OK", "");
    } catch (StatusRuntimeException e) {
      Status status = e.getStatus();
      return input.answered(
          Reply.Door.GRPC, status.getCode().name(), String.valueOf(status.getDescription()));
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
