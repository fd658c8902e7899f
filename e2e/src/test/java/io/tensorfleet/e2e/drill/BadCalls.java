package io.tensorfleet.e2e.drill;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.tensorfleet.proto.worker.CancelTaskRequest;
import io.tensorfleet.proto.worker.TaskRequest;
import io.tensorfleet.proto.worker.WorkerStatusRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Bad messages for the worker's own gRPC service, the same for the same seed. */
final class BadCalls {
  private static final int FIELDS = 8;
  private static final ByteString NOT_TEXT = ByteString.copyFrom(new byte[] {(byte) 0xc3, 0x28});
  private static final Map<String, List<String>> WRONG =
      Map.of(
          "learning_rate", List.of("0", "-1", "11", "NaN", "Infinity", "abc", "1e400", ""),
          "batch_size", List.of("0", "-5", "1.5", "2000000", "abc", "99999999999999999999"),
          "max_depth", List.of("0", "1001", "two", "0x10"),
          "n_estimators", List.of("0", "1000001", "-1", "1e3"),
          "dropout", List.of("-0.1", "1.1", "x", "NaN"),
          "epochs", List.of("0", "100001", "many", "-1"),
          "seed", List.of("x", "9223372036854775808", "1.0"),
          "simulation.speed", List.of("-1", "1001", "fast", "NaN"),
          "simulation.curve", List.of("LOOP ", "line", ""),
          "simulation.epoch_ms", List.of("-1", "1.5", "86400001"));

  private final Random random;
  private final List<Reply.Input> inputs = new ArrayList<>();

  BadCalls(long seed) {
    random = new Random(seed);
  }

  /** For ExecuteTask; some are harmless. */
  List<Reply.Input> tasks(int random) {
    texts();
    hyperparameters();
    wrongTypes();
    broken(good().build().toByteArray());
    add("half an entry", Reply.Expect.REFUSAL, new byte[] {0x2a, 0x02, 0x0a, 0x7f});
    mutated(good().build().toByteArray(), random);
    return List.copyOf(inputs);
  }

  /** For the other methods. */
  static List<Reply.Input> others(long seed, int random) {
    var calls = new BadCalls(seed);
    calls.broken(CancelTaskRequest.newBuilder().setTaskId("no-such-task").build().toByteArray());
    calls.mutated(
        WorkerStatusRequest.newBuilder().setWorkerId("some-worker").build().toByteArray(), random);
    return List.copyOf(calls.inputs);
  }

  /** A task that takes no time. */
  static TaskRequest.Builder good() {
    return TaskRequest.newBuilder()
        .setTaskId("task")
        .setJobId("job")
        .setModelType("xgboost")
        .setDatasetPath("/data")
        .putHyperparameters("epochs", "1")
        .putHyperparameters("simulation.speed", "0");
  }

  private void refuse(String name, TaskRequest.Builder request) {
    inputs.add(Reply.Input.of(name, Reply.Expect.REFUSAL, request.build().toByteArray()));
  }

  private void add(String name, Reply.Expect expect, byte[] bytes) {
    inputs.add(Reply.Input.of(name, expect, bytes));
  }

  private void texts() {
    String mega = "x".repeat(1 << 20);
    refuse("an empty message", TaskRequest.newBuilder());
    refuse("no task id", good().clearTaskId());
    refuse("a task id of 1 MiB", good().setTaskId(mega));
    for (String model : List.of("", "XGBOOST", "xgboost ", "../xgboost", "modèle", mega)) {
      String shown = model.substring(0, Math.min(12, model.length()));
      refuse("the model type \"" + shown + "\"", good().setModelType(model));
    }
    add(
        "a message above 4 MiB",
        Reply.Expect.REFUSAL,
        good().setDatasetPath("x".repeat(5 << 20)).build().toByteArray());
    add("a negative epoch", Reply.Expect.ANSWER, good().setEpoch(-1).build().toByteArray());
    add(
        "the least epoch",
        Reply.Expect.ANSWER,
        good().setEpoch(Integer.MIN_VALUE).build().toByteArray());
    add(
        "batches backwards",
        Reply.Expect.ANSWER,
        good().setBatchStart(9).setBatchEnd(-9).build().toByteArray());
    for (int field = 1; field <= 4; field++) {
      var set = UnknownFieldSet.newBuilder().addField(field, bytes(NOT_TEXT)).build();
      add(
          "field " + field + " that is not UTF-8",
          Reply.Expect.REFUSAL,
          good().mergeUnknownFields(set).build().toByteArray());
    }
  }

  private void hyperparameters() {
    WRONG.forEach(
        (name, values) ->
            values.forEach(
                value ->
                    refuse(
                        "hyperparameter " + name + " \"" + value + "\"",
                        good().putHyperparameters(name, value))));
    refuse("an unknown simulation setting", good().putHyperparameters("simulation.nothing", "1"));
    refuse("an empty key", good().putHyperparameters("", "1"));
    refuse("a key of 64 bytes", good().putHyperparameters("k".repeat(64), "1"));
    refuse("a value of 4,097 bytes", good().putHyperparameters("k", "v".repeat(4097)));
    var many = good();
    for (int i = 0; i < 101; i++) {
      many.putHyperparameters("k" + i, "1");
    }
    refuse("101 entries", many);
  }

  /** Each field as a varint, eight bytes, four bytes and a text. */
  private void wrongTypes() {
    for (int field = 1; field <= FIELDS; field++) {
      var number = UnknownFieldSet.Field.newBuilder().addVarint(-1).build();
      var eight = UnknownFieldSet.Field.newBuilder().addFixed64(-1).build();
      var four = UnknownFieldSet.Field.newBuilder().addFixed32(-1).build();
      for (var wrong : List.of(number, eight, four, bytes(ByteString.copyFromUtf8("text")))) {
        var set = UnknownFieldSet.newBuilder().addField(field, wrong).build();
        add(
            "field " + field + " of another type",
            Reply.Expect.ANSWER,
            good().mergeUnknownFields(set).build().toByteArray());
      }
    }
  }

  private static UnknownFieldSet.Field bytes(ByteString bytes) {
    return UnknownFieldSet.Field.newBuilder().addLengthDelimited(bytes).build();
  }

  /** Bytes that are no message. */
  private void broken(byte[] good) {
    int[][] broken = {
      {0x00},
      {0x07},
      {0x0c},
      {0x0b},
      {0x0a, 0x7f},
      {0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f},
      {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
    };
    for (int[] one : broken) {
      byte[] bytes = new byte[one.length];
      for (int i = 0; i < one.length; i++) {
        bytes[i] = (byte) one[i];
      }
      add("the bytes " + Arrays.toString(bytes), Reply.Expect.REFUSAL, bytes);
    }
    add("the first half of a message", Reply.Expect.ANSWER, Arrays.copyOf(good, good.length / 2));
  }

  private void mutated(byte[] good, int count) {
    for (int i = 0; i < count; i++) {
      byte[] bytes = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      add("mutation " + i, Reply.Expect.ANSWER, bytes);
    }
  }
}
