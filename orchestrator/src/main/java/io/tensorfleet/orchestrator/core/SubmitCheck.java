package io.tensorfleet.orchestrator.core;

import com.google.protobuf.Duration;
import io.tensorfleet.proto.v1.DoubleRange;
import io.tensorfleet.proto.v1.GridAxis;
import io.tensorfleet.proto.v1.RandomAxis;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds all mistakes of a submit request. */
public final class SubmitCheck {
  public static final int MAX_TASKS = 1_000_000;
  static final List<String> MODEL_TYPES = List.of("neural_network", "xgboost", "random_forest");
  private static final String NAME_TEXT = "1 to 128 characters of [A-Za-z0-9._-]";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9-]{1,63}");

  private final Mistakes mistakes = new Mistakes();

  private SubmitCheck() {}

  public static Mistakes of(SubmitRequest request) {
    SubmitCheck check = new SubmitCheck();
    check.head(request);
    check.groups(request.getGroupsList());
    return check.mistakes;
  }

  /** Whether the text can name a queue. */
  public static boolean isQueue(String name) {
    return QUEUE.matcher(name).matches();
  }

  /** Whether the text can be a job's id. */
  public static boolean isJobId(String id) {
    return NAME.matcher(id).matches();
  }

  private static boolean isText(String text) {
    return text.length() <= 128 && text.chars().noneMatch(Character::isISOControl);
  }

  private void head(SubmitRequest r) {
    mistakes.expect(
        isText(r.getRequestId()), "request_id", r.getRequestId(), "up to 128 printable characters");
    mistakes.expect(
        r.getJobId().isEmpty() || NAME.matcher(r.getJobId()).matches(),
        "job_id",
        r.getJobId(),
        NAME_TEXT);
    mistakes.expect(
        isText(r.getUserId()), "user_id", r.getUserId(), "up to 128 printable characters");
    mistakes.expect(
        r.getQueue().isEmpty() || isQueue(r.getQueue()),
        "queue",
        r.getQueue(),
        "1 to 63 characters of [a-z0-9-]");
    mistakes.expectRange(r.getPriority(), -100, 100, "priority");
    if (r.hasDeadline()) {
      positive(r.getDeadline(), "deadline");
    }
  }

  private void groups(List<TaskGroup> groups) {
    mistakes.expect(
        !groups.isEmpty() && groups.size() <= 1000,
        "groups",
        groups.size() + " groups",
        "1 to 1000 groups");
    long total = 0;
    for (int i = 0; i < groups.size(); i++) {
      String at = "groups[" + i + "]";
      spec(groups.get(i).getTemplate(), at + ".template");
      expand(groups.get(i), at);
      total += Math.clamp(Expansion.size(groups.get(i)), 0, MAX_TASKS + 1L);
    }
    mistakes.expect(
        total <= MAX_TASKS,
        "groups",
        total > MAX_TASKS ? "more tasks" : total,
        "at most 1000000 tasks in all");
  }

  private void spec(TaskSpec spec, String at) {
    mistakes.expect(
        MODEL_TYPES.contains(spec.getModelType()),
        at + ".model_type",
        spec.getModelType(),
        String.join(", ", MODEL_TYPES));
    mistakes.expectRange(spec.getEpochs(), 0, 100_000, at + ".epochs");
    mistakes.expectRange(spec.getMaxAttempts(), 0, 100, at + ".max_attempts");
    mistakes.expectRange(spec.getRequires().getGpuCount(), 0, 1024, at + ".requires.gpu_count");
    mistakes.expectRange(
        spec.getRequires().getMemoryBytes(), 0, Long.MAX_VALUE, at + ".requires.memory_bytes");
    mistakes.expect(
        bytes(spec.getDatasetPath()) <= 4096,
        at + ".dataset_path",
        spec.getDatasetPath(),
        "up to 4096 bytes");
    hyperparameters(spec.getHyperparametersMap(), at + ".hyperparameters");
    if (spec.hasRunTimeout()) {
      positive(spec.getRunTimeout(), at + ".run_timeout");
    }
    if (spec.hasProgressTimeout()) {
      positive(spec.getProgressTimeout(), at + ".progress_timeout");
    }
  }

  private void hyperparameters(Map<String, String> map, String at) {
    mistakes.expect(map.size() <= 100, at, map.size() + " entries", "at most 100 entries");
    map.forEach(
        (key, value) -> {
          hyperparameter(key, at);
          mistakes.expect(bytes(value) <= 4096, at + "[" + key + "]", value, "up to 4096 bytes");
        });
  }

  private void hyperparameter(String key, String at) {
    mistakes.expect(!key.isEmpty() && bytes(key) <= 63, at + " key", key, "1 to 63 bytes");
  }

  private void expand(TaskGroup group, String at) {
    switch (group.getExpandCase()) {
      case COUNT -> mistakes.expectRange(group.getCount(), 1, MAX_TASKS, at + ".count");
      case GRID -> grid(group.getGrid().getAxesList(), at + ".grid.axes");
      case RANDOM -> {
        mistakes.expectRange(group.getRandom().getSamples(), 1, MAX_TASKS, at + ".random.samples");
        random(group.getRandom().getAxesList(), at + ".random.axes");
      }
      case EXPAND_NOT_SET -> {}
    }
  }

  private void grid(List<GridAxis> axes, String at) {
    mistakes.expect(
        !axes.isEmpty() && axes.size() <= 100, at, axes.size() + " axes", "1 to 100 axes");
    for (int i = 0; i < axes.size(); i++) {
      hyperparameter(axes.get(i).getHyperparameter(), at + "[" + i + "].hyperparameter");
      mistakes.expect(
          axes.get(i).getValuesCount() > 0,
          at + "[" + i + "].values",
          "empty",
          "at least one value");
    }
  }

  private void random(List<RandomAxis> axes, String at) {
    mistakes.expect(
        !axes.isEmpty() && axes.size() <= 100, at, axes.size() + " axes", "1 to 100 axes");
    for (int i = 0; i < axes.size(); i++) {
      hyperparameter(axes.get(i).getHyperparameter(), at + "[" + i + "].hyperparameter");
      range(axes.get(i), at + "[" + i + "]");
    }
  }

  private void range(RandomAxis axis, String at) {
    switch (axis.getRangeCase()) {
      case UNIFORM ->
          range(axis.getUniform(), -Double.MAX_VALUE, at + ".uniform", "min <= max, both finite");
      case LOG_UNIFORM ->
          range(
              axis.getLogUniform(),
              Double.MIN_VALUE,
              at + ".log_uniform",
              "0 < min <= max, both finite");
      case INTEGER ->
          mistakes.expect(
              axis.getInteger().getMin() < axis.getInteger().getMax()
                  || (axis.getInteger().getMin() == axis.getInteger().getMax()
                      && axis.getInteger().getMax() != Long.MAX_VALUE),
              at + ".integer",
              axis.getInteger().getMin() + " to " + axis.getInteger().getMax(),
              "min <= max");
      case CHOICE ->
          mistakes.expect(
              axis.getChoice().getValuesCount() > 0,
              at + ".choice.values",
              "empty",
              "at least one value");
      case RANGE_NOT_SET ->
          mistakes.expect(
              false, at + " range", "absent", "uniform, log_uniform, integer or choice");
    }
  }

  private void range(DoubleRange range, double least, String at, String accepted) {
    boolean good =
        range.getMin() >= least
            && range.getMin() <= range.getMax()
            && Double.isFinite(range.getMax());
    mistakes.expect(good, at, range.getMin() + " to " + range.getMax(), accepted);
  }

  private void positive(Duration duration, String at) {
    boolean good =
        (duration.getSeconds() > 0 || (duration.getSeconds() == 0 && duration.getNanos() > 0))
            && duration.getSeconds() <= 315_360_000L;
    mistakes.expect(good, at, duration.getSeconds() + "s", "more than 0 and at most 10 years");
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
