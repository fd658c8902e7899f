package io.tensorfleet.cli;

import com.google.protobuf.Duration;
import io.tensorfleet.proto.v1.GridAxis;
import io.tensorfleet.proto.v1.GridSearch;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import java.util.Arrays;
import java.util.Map;

/** What a person asked for, as a request. */
final class Submission {
  private Submission() {}

  static TaskGroup repeated(int count, TaskSpec template) {
    return TaskGroup.newBuilder().setTemplate(template).setCount(count).build();
  }

  /** One task for every combination; values are separated by commas. */
  static TaskGroup grid(Map<String, String> axes, TaskSpec template) {
    var grid = GridSearch.newBuilder();
    axes.forEach(
        (name, values) ->
            grid.addAxes(
                GridAxis.newBuilder()
                    .setHyperparameter(name)
                    .addAllValues(Arrays.asList(values.split(",", -1)))));
    return TaskGroup.newBuilder().setTemplate(template).setGrid(grid).build();
  }

  static Requirements requirements(int gpus, Map<String, String> labels) {
    return Requirements.newBuilder().setGpuCount(gpus).putAllLabels(labels).build();
  }

  static Duration proto(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.toSeconds())
        .setNanos(duration.toNanosPart())
        .build();
  }

  /** The request with a request id of its own, so that a retried call makes no second job. */
  static SubmitRequest withId(SubmitRequest.Builder request, String fallbackId) {
    return request.getRequestId().isEmpty()
        ? request.setRequestId(fallbackId).build()
        : request.build();
  }
}
