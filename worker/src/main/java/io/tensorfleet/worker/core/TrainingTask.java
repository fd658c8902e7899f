package io.tensorfleet.worker.core;

import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.worker.TaskRequest;

/**
 * One piece of training as a trainer sees it.
 *
 * @param resumeEpoch epochs that an earlier attempt reached and that need not run again
 */
public record TrainingTask(String taskId, String jobId, TaskSpec spec, int resumeEpoch) {

  public static TrainingTask of(Lease lease) {
    return new TrainingTask(
        lease.getToken().getTaskId(),
        lease.getJobId(),
        lease.getTask(),
        Math.max(0, lease.getResumeEpoch()));
  }

  /**
   * A task of the earlier wire: a single epoch, the one that it names, unless hyperparameter epochs
   * says more.
   */
  public static TrainingTask of(TaskRequest request) {
    TaskSpec spec =
        TaskSpec.newBuilder()
            .setModelType(request.getModelType())
            .setDatasetPath(request.getDatasetPath())
            .putAllHyperparameters(request.getHyperparametersMap())
            .setEpochs(request.containsHyperparameters("epochs") ? 0 : 1)
            .setEpoch(request.getEpoch())
            .setBatchStart(request.getBatchStart())
            .setBatchEnd(request.getBatchEnd())
            .build();
    return new TrainingTask(request.getTaskId(), request.getJobId(), spec, 0);
  }
}
