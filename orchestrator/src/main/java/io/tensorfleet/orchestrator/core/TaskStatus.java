package io.tensorfleet.orchestrator.core;

import io.tensorfleet.proto.v1.TaskState;

/** The state of a task as it is stored; the codes are written to the database and never change. */
public enum TaskStatus {
  WAITING(1, TaskState.TASK_STATE_WAITING),
  RUNNING(2, TaskState.TASK_STATE_RUNNING),
  COMPLETED(3, TaskState.TASK_STATE_COMPLETED),
  FAILED(4, TaskState.TASK_STATE_FAILED),
  CANCELLED(5, TaskState.TASK_STATE_CANCELLED),
  EXPIRED(6, TaskState.TASK_STATE_EXPIRED),
  /** Waits for its back-off to end; on the wire it is waiting. */
  DELAYED(7, TaskState.TASK_STATE_WAITING);

  private final int code;
  private final TaskState wire;

  TaskStatus(int code, TaskState wire) {
    this.code = code;
    this.wire = wire;
  }

  public int code() {
    return code;
  }

  public TaskState wire() {
    return wire;
  }

  /** Whether the task has ended and only a person can bring it back. */
  public boolean ended() {
    return this != WAITING && this != RUNNING && this != DELAYED;
  }

  public static TaskStatus ofCode(int code) {
    for (TaskStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new IllegalArgumentException("task state code " + code + ": accepted are 1 to 7");
  }
}
