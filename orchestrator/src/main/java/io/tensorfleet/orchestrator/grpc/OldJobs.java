package io.tensorfleet.orchestrator.grpc;

import io.tensorfleet.orchestrator.core.Mistakes;
import io.tensorfleet.orchestrator.core.SubmitCheck;
import io.tensorfleet.orchestrator.core.TaskName;
import io.tensorfleet.proto.orchestrator.TrainingJobRequest;
import io.tensorfleet.proto.orchestrator.WorkerInfo;
import io.tensorfleet.proto.v1.JobState;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.WorkerState;

/** Says in the new wire's words what the old one means, and back. */
final class OldJobs {
  static final int TASKS_AN_EPOCH = 10;
  private static final int BATCHES_A_TASK = 100;
  private static final int MOST_EPOCHS = 10_000;
  private static final long MOST_BYTES = 64L << 20;

  private OldJobs() {}

  /** All that is wrong with the request, one line each; empty when it is good. */
  static String mistakes(TrainingJobRequest old) {
    SubmitRequest ofOneEpoch = submit(old.toBuilder().setEpochs(1).build());
    SubmitRequest ofOneTask =
        ofOneEpoch.toBuilder().clearGroups().addGroups(ofOneEpoch.getGroups(0)).build();
    Mistakes mistakes = SubmitCheck.of(ofOneTask);
    mistakes.expectRange(old.getEpochs(), 1, MOST_EPOCHS, "epochs");
    long bytes = (long) old.getSerializedSize() * TASKS_AN_EPOCH * Math.max(old.getEpochs(), 0);
    mistakes.expect(
        bytes <= MOST_BYTES,
        "hyperparameters",
        "epochs × " + old.getSerializedSize() + " bytes",
        "at most 64 MiB in all tasks");
    return mistakes.told().replace("groups[0].template.", "");
  }

  /** Epochs × 10 tasks; task k of an epoch covers batches [100k, 100(k+1)). */
  static SubmitRequest submit(TrainingJobRequest old) {
    SubmitRequest.Builder request =
        SubmitRequest.newBuilder().setJobId(old.getJobId()).setUserId(old.getUserId());
    for (int epoch = 0; epoch < old.getEpochs(); epoch++) {
      for (int k = 0; k < TASKS_AN_EPOCH; k++) {
        request.addGroups(TaskGroup.newBuilder().setTemplate(spec(old, epoch, k)));
      }
    }
    return request.build();
  }

  private static TaskSpec spec(TrainingJobRequest old, int epoch, int k) {
    return TaskSpec.newBuilder()
        .setModelType(old.getModelType())
        .setDatasetPath(old.getDatasetPath())
        .putAllHyperparameters(old.getHyperparametersMap())
        .setEpochs(1)
        .setEpoch(epoch)
        .setBatchStart(k * BATCHES_A_TASK)
        .setBatchEnd((k + 1) * BATCHES_A_TASK)
        .build();
  }

  static String status(JobState state) {
    return switch (state) {
      case JOB_STATE_RUNNING -> "RUNNING";
      case JOB_STATE_COMPLETED -> "COMPLETED";
      case JOB_STATE_FAILED -> "FAILED";
      case JOB_STATE_CANCELLED -> "CANCELLED";
      case JOB_STATE_PENDING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> "PENDING";
    };
  }

  static WorkerInfo info(WorkerState worker) {
    String task = worker.getTaskIdsCount() == 0 ? "" : worker.getTaskIds(0);
    return WorkerInfo.newBuilder()
        .setWorkerId(worker.getWorkerId())
        .setStatus(worker.getBusy() > 0 ? "BUSY" : "IDLE")
        .setCurrentTaskId(task)
        .setCurrentJobId(TaskName.parse(task).map(TaskName::jobId).orElse(""))
        .setTasksCompleted(Math.toIntExact(Math.min(worker.getTasksCompleted(), Integer.MAX_VALUE)))
        .setLastActivityTime(worker.getLastHeartbeat().getSeconds())
        .build();
  }
}
