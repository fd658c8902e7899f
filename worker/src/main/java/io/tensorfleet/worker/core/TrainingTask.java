package io.tensorfleet.worker.core;

import io.tensorfleet.proto.v1.ArtifactRef;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.worker.TaskRequest;
import java.util.Optional;

/**
 * One piece of training as a trainer sees it.
 *
 * @param attempt from 1; 0 where nobody counts them
 * @param resumeEpoch epochs that an earlier attempt reached with its checkpoint; 0 without one
 * @param checkpoint what that attempt left; it comes from outside, so that a trainer must check it
 */
public record TrainingTask(
    String taskId,
    String jobId,
    int attempt,
    TaskSpec spec,
    int resumeEpoch,
    Optional<ArtifactRef> checkpoint) {

  /** A task that begins at its first epoch. */
  public TrainingTask(String taskId, String jobId, TaskSpec spec) {
    this(taskId, jobId, 0, spec, 0, Optional.empty());
  }

  public static TrainingTask of(Lease lease) {
    boolean resumes = lease.hasCheckpoint();
    return new TrainingTask(
        lease.getToken().getTaskId(),
        lease.getJobId(),
        lease.getToken().getAttempt(),
        lease.getTask(),
        resumes ? Math.max(0, lease.getResumeEpoch()) : 0,
        resumes ? Optional.of(lease.getCheckpoint()) : Optional.empty());
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
    return new TrainingTask(request.getTaskId(), request.getJobId(), spec);
  }
}
