package io.tensorfleet.worker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.io.ByteStreams;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.tensorfleet.proto.worker.TaskRequest;
import io.tensorfleet.proto.worker.WorkerServiceGrpc;
import io.tensorfleet.proto.worker.WorkerStatusRequest;
import io.tensorfleet.worker.server.GenericClient.First;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in, a caller gets a sentence and the worker serves on. */
class BadCallsTest {
  private final Served served;

  BadCallsTest() throws Exception {
    served = new Served(Map.of());
  }

  @AfterEach
  void close() {
    assertThat(
            WorkerServiceGrpc.newBlockingStub(served.channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .getStatus(WorkerStatusRequest.getDefaultInstance())
                .getCurrentTasks())
        .isZero();
    served.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ExecuteTask", "GetWorkerStatus", "CancelTask", "GetStatus"})
  void bytesThatAreNoMessageAreAnInvalidArgument(String method) {
    Random random = new Random(7);
    for (int size = 1; size <= 100; size++) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      bytes[0] = (byte) 0xff; // field 31 of a wire type that does not exist
      Status status = statusOf(method, bytes);
      assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription()).contains("worker.WorkerService/" + method);
    }
  }

  @Test
  void aMessageAboveFourMebibytesIsTooMuch() {
    Status status = statusOf("ExecuteTask", new byte[(4 << 20) + 1]);

    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(status.getDescription()).contains("4194304");
  }

  @Test
  void noRequestIsAnInvalidArgumentAndTwoRequestsAreNotAnswered() throws Exception {
    assertThat(stream("GetStatus", 0).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(stream("GetStatus", 2).getCode())
        .isIn(Status.Code.INVALID_ARGUMENT, Status.Code.CANCELLED); // reset before it was read
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a\nb", "a\u0000", "a\u001b[31m", "a\u2028b", "\u202eabc", "a\u200bb", "a\rb"})
  void aTaskIdThatCouldForgeALineIsRefused(String id) {
    StatusRuntimeException refusal = refusal(TaskRequest.newBuilder().setTaskId(id));

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getStatus().getDescription())
        .startsWith("task_id: \"")
        .doesNotContain("\n", "\u001b", "\u2028", "\u202e");
  }

  @Test
  void allMistakesOfATaskAreToldTogetherAndInBounds() {
    StatusRuntimeException refusal =
        refusal(
            TaskRequest.newBuilder()
                .setTaskId("x".repeat(254))
                .setJobId("y".repeat(1 << 19))
                .setModelType("z".repeat(1 << 19))
                .setDatasetPath("/p".repeat(1 << 20))
                .setEpoch(-1)
                .setBatchStart(-2)
                .setBatchEnd(-3));

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getStatus().getDescription())
        .contains("task_id: ", "job_id: ", "model_type: ", "dataset_path: ", "epoch: -1")
        .hasSizeLessThan(1_000);
  }

  @Test
  void hyperparametersOutOfBoundsAreRefusedWithASentenceThatFitsAHeader() {
    TaskRequest.Builder request = TaskRequest.newBuilder().setTaskId("one").setModelType("xgboost");
    for (int i = 0; i < 500; i++) {
      request.putHyperparameters("k".repeat(64) + i, "\u9f8d".repeat(1_400));
    }

    StatusRuntimeException refusal = refusal(request);

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getStatus().getDescription()).contains("500 entries");
  }

  private StatusRuntimeException refusal(TaskRequest.Builder request) {
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () ->
            WorkerServiceGrpc.newBlockingStub(served.channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .executeTask(request.build()));
  }

  private Status statusOf(String method, byte[] request) {
    return catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    served.channel,
                    raw(method, MethodDescriptor.MethodType.UNARY),
                    CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                    request))
        .getStatus();
  }

  private Status stream(String method, int requests) throws Exception {
    var answer = new CompletableFuture<byte[]>();
    var stream =
        ClientCalls.asyncClientStreamingCall(
            served.channel.newCall(
                raw(method, MethodDescriptor.MethodType.CLIENT_STREAMING),
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS)),
            new First<>(answer));
    for (int i = 0; i < requests; i++) {
      stream.onNext(new byte[0]);
    }
    stream.onCompleted();
    try {
      answer.get(20, TimeUnit.SECONDS);
      return Status.OK;
    } catch (ExecutionException failure) {
      return Status.fromThrowable(failure);
    }
  }

  private static MethodDescriptor<byte[], byte[]> raw(
      String method, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName("worker.WorkerService/" + method)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return ByteStreams.toByteArray(stream);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
