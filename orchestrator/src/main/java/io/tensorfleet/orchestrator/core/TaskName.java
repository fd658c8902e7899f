package io.tensorfleet.orchestrator.core;

import java.util.Optional;

/** A task's id on the wire, {@code <job id>-<index>}, taken apart. */
public record TaskName(String jobId, int index) {

  public static String of(String jobId, int index) {
    return jobId + "-" + index;
  }

  /** Empty where the text cannot be a task id. */
  public static Optional<TaskName> parse(String taskId) {
    int dash = taskId.lastIndexOf('-');
    String digits = taskId.substring(dash + 1);
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 9
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (dash < 1 || !number || (digits.length() > 1 && digits.charAt(0) == '0')) {
      return Optional.empty();
    }
    return Optional.of(new TaskName(taskId.substring(0, dash), Integer.parseInt(digits)));
  }
}
