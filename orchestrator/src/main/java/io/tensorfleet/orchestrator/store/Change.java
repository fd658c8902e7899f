package io.tensorfleet.orchestrator.store;

import io.tensorfleet.orchestrator.core.TaskEvent;
import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.proto.v1.ArtifactRef;
import io.tensorfleet.proto.v1.Metrics;

/** Something that happened to a task under one lease, with what was reported along. */
public record Change(TaskKey key, long fence, TaskEvent event, Report report) {

  /**
   * What a worker reports with the end of an attempt.
   *
   * @param epochsDone negative: unknown, what is stored stays
   */
  public record Report(
      Metrics metrics,
      ArtifactRef artifact,
      ArtifactRef checkpoint,
      int epochsDone,
      double seconds) {
    public static final Report NONE =
        new Report(
            Metrics.getDefaultInstance(),
            ArtifactRef.getDefaultInstance(),
            ArtifactRef.getDefaultInstance(),
            -1,
            0);
  }
}
