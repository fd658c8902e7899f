package io.tensorfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.JobState;
import io.tensorfleet.proto.v1.TaskCounts;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  private final StringWriter text = new StringWriter();
  private final ProgressLines lines = new ProgressLines(new PrintWriter(text));

  @Test
  void aChangeIsALineAndNoChangeIsNone() {
    lines.accept(job(JobState.JOB_STATE_RUNNING, 1));
    lines.accept(job(JobState.JOB_STATE_RUNNING, 1));
    lines.accept(job(JobState.JOB_STATE_RUNNING, 2));

    assertThat(text.toString().lines())
        .containsExactly(
            "job j RUNNING: 1 of 3 completed, 0 running, 0 waiting, 0 failed",
            "job j RUNNING: 2 of 3 completed, 0 running, 0 waiting, 0 failed");
  }

  @Test
  void aJobThatNobodyTakesIsHintedAtOnce() {
    for (int i = 0; i < 4; i++) {
      lines.accept(job(JobState.JOB_STATE_PENDING, 0));
    }

    assertThat(text.toString().lines().filter(line -> line.contains("get pools"))).hasSize(1);
    assertThat(text.toString().lines()).hasSize(2);
  }

  private static Job job(JobState state, int completed) {
    return Job.newBuilder()
        .setJobId("j")
        .setQueue("default")
        .setState(state)
        .setTasks(TaskCounts.newBuilder().setTotal(3).setCompleted(completed))
        .build();
  }
}
