package io.tensorfleet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.tensorfleet.cli.demo.DemoEvent.Broken;
import io.tensorfleet.cli.demo.DemoEvent.JobSeen;
import io.tensorfleet.cli.demo.DemoEvent.PodGone;
import io.tensorfleet.cli.demo.DemoEvent.PodSeen;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.JobState;
import io.tensorfleet.proto.v1.TaskCounts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoStateTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void thePeakAndTheFirstPodAreRemembered() {
    var end =
        after(
            new PodSeen("a"),
            new PodSeen("b"),
            new PodSeen("b"),
            new PodGone("a"),
            new PodGone("b"));

    assertThat(end.marks().peakPods()).isEqualTo(2);
    assertThat(end.marks().firstPod()).contains(START.plusSeconds(1));
    assertThat(end.marks().backToZero()).contains(START.plusSeconds(5));
  }

  @Test
  void aPodThatComesAfterZeroTakesBackToZeroAway() {
    assertThat(after(new PodSeen("a"), new PodGone("a"), new PodSeen("b")).marks().backToZero())
        .isEmpty();
  }

  @Test
  void itIsOverOnlyWhenTheJobHasEndedAndNoPodIsLeft() {
    var ended = new JobSeen(job(3, 0, JobState.JOB_STATE_COMPLETED));

    assertThat(after(new PodSeen("a"), ended).over()).isFalse();
    assertThat(after(new PodSeen("a"), new PodGone("a")).over()).isFalse();
    assertThat(after(new PodSeen("a"), ended, new PodGone("a")).over()).isTrue();
    assertThat(after(new PodSeen("a"), new Broken("stream")).over()).isTrue();
  }

  @Test
  void theSummaryCountsSecondsFromTheSubmit() {
    var end =
        after(
            new PodSeen("a"),
            new JobSeen(job(3, 0, JobState.JOB_STATE_COMPLETED)),
            new PodGone("a"));

    var summary = DemoSummary.of("embedded", end);

    assertThat(summary.seconds().firstPod()).contains(1.0);
    assertThat(summary.seconds().firstTaskRunning()).contains(1.5);
    assertThat(summary.seconds().allDone()).contains(2.5);
    assertThat(summary.seconds().backToZero()).contains(3.0);
    assertThat(summary.exactlyOnce()).isTrue();
  }

  @Test
  void aTaskThatFailedOrIsMissingIsNotExactlyOnce() {
    var failed = after(new JobSeen(job(2, 1, JobState.JOB_STATE_FAILED)));
    var nothing = after();

    assertThat(DemoSummary.of("real", failed).exactlyOnce()).isFalse();
    assertThat(DemoSummary.of("real", nothing).exactlyOnce()).isFalse();
    assertThat(DemoSummary.of("real", nothing).lines()).contains("submit → first Pod     never");
  }

  @Test
  void aDemoThatBreaksOffSaysWhyAndHasNotSucceeded() {
    var end =
        after(
            new PodSeen("a"),
            new JobSeen(job(3, 0, JobState.JOB_STATE_COMPLETED)),
            new Broken("not over after 9 s"));

    var summary = DemoSummary.of("real", end);

    assertThat(summary.exactlyOnce()).isTrue();
    assertThat(summary.succeeded()).isFalse();
    assertThat(summary.lines()).last().isEqualTo("the demo broke off: not over after 9 s");
  }

  private static DemoState after(DemoEvent... events) {
    var state = DemoState.at(START);
    var at = START;
    for (var event : List.of(events)) {
      at = at.plusSeconds(1);
      state = state.after(event, at);
    }
    assertThat(state.queue()).isEqualTo(Optional.empty());
    return state;
  }

  private static Job job(int completed, int failed, JobState state) {
    return Job.newBuilder()
        .setJobId("demo")
        .setState(state)
        .setTasks(
            TaskCounts.newBuilder()
                .setTotal(completed + failed)
                .setCompleted(completed)
                .setFailed(failed))
        .setStartedAt(timestamp(1_500))
        .setFinishedAt(timestamp(2_500))
        .build();
  }

  private static Timestamp timestamp(long millis) {
    var at = START.plusMillis(millis);
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }
}
