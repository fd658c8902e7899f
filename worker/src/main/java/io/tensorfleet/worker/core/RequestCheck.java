package io.tensorfleet.worker.core;

import io.tensorfleet.proto.worker.TaskRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with a request of the earlier wire, found before it takes a slot. Its
 * hyperparameters are the trainer's to check.
 */
public final class RequestCheck {
  private static final int MAX_ID_BYTES = 253;
  private static final int MAX_PATH_BYTES = 4096;
  private static final int MAX_SHOWN = 40;

  private final List<String> mistakes = new ArrayList<>();

  private RequestCheck() {}

  /** All mistakes of a task, a sentence each; none where it can be run. */
  public static List<String> mistakes(TaskRequest request) {
    RequestCheck check = new RequestCheck();
    check.id("task_id", request.getTaskId());
    check.text("job_id", request.getJobId(), MAX_ID_BYTES);
    check.text("model_type", request.getModelType(), MAX_ID_BYTES);
    check.text("dataset_path", request.getDatasetPath(), MAX_PATH_BYTES);
    check.notNegative("epoch", request.getEpoch());
    check.notNegative("batch_start", request.getBatchStart());
    check.notNegative("batch_end", request.getBatchEnd());
    return List.copyOf(check.mistakes);
  }

  /** What is wrong with a task's id. */
  public static List<String> mistakes(String taskId) {
    RequestCheck check = new RequestCheck();
    check.id("task_id", taskId);
    return List.copyOf(check.mistakes);
  }

  private void id(String field, String value) {
    if (value.isEmpty()) {
      mistakes.add(field + ": \"\"; accepted: a name that is not empty");
    }
    text(field, value, MAX_ID_BYTES);
  }

  private void text(String field, String value, int maxBytes) {
    boolean fits = value.getBytes(StandardCharsets.UTF_8).length <= maxBytes;
    if (!fits || value.codePoints().anyMatch(Printable::isHidden)) {
      mistakes.add(
          "%s: \"%s\"; accepted: at most %d bytes, no control or invisible characters"
              .formatted(field, shown(value), maxBytes));
    }
  }

  private void notNegative(String field, int value) {
    if (value < 0) {
      mistakes.add("%s: %d; accepted: 0 or more".formatted(field, value));
    }
  }

  private static String shown(String value) {
    int end =
        value.offsetByCodePoints(0, Math.min(MAX_SHOWN, value.codePointCount(0, value.length())));
    return Printable.line(value.substring(0, end)) + (end == value.length() ? "" : "…");
  }
}
