package io.tensorfleet.cli.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.google.protobuf.Timestamp;
import io.tensorfleet.cli.output.Text;
import io.tensorfleet.proto.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came out of a demo. Times are seconds from the submit; absent: it never happened.
 *
 * @param exactlyOnce whether every task ended as completed, none failed and none is unaccounted
 *     for; the fencing token lets the queue accept one completion of a task at most
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record DemoSummary(
    String ground,
    String job,
    long tasks,
    long completed,
    long failed,
    long runAgain,
    int peakPods,
    Seconds seconds,
    boolean exactlyOnce,
    Optional<String> broken) {

  /** Whether all that the demo is to show was seen. */
  public boolean succeeded() {
    return exactlyOnce && broken.isEmpty();
  }

  /** Seconds from the submit to each mark. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Seconds(
      Optional<Double> firstPod,
      Optional<Double> firstTaskRunning,
      Optional<Double> allDone,
      Optional<Double> backToZero) {}

  public static DemoSummary of(String ground, DemoState end) {
    var job = end.job().orElse(Job.getDefaultInstance());
    var tasks = job.getTasks();
    return new DemoSummary(
        ground,
        job.getJobId(),
        tasks.getTotal(),
        tasks.getCompleted(),
        tasks.getFailed(),
        tasks.getRunAgain(),
        end.marks().peakPods(),
        seconds(end, job),
        tasks.getTotal() > 0 && tasks.getCompleted() == tasks.getTotal(),
        end.broken());
  }

  private static Seconds seconds(DemoState end, Job job) {
    return new Seconds(
        end.marks().firstPod().map(at -> since(end, at)),
        mark(end, job.hasStartedAt(), job.getStartedAt()),
        mark(end, job.hasFinishedAt(), job.getFinishedAt()),
        end.marks().backToZero().map(at -> since(end, at)));
  }

  private static Optional<Double> mark(DemoState end, boolean present, Timestamp at) {
    return present ? Optional.of(since(end, Text.instant(at))) : Optional.empty();
  }

  private static double since(DemoState end, Instant at) {
    return Math.round(Duration.between(end.submitted(), at).toMillis() / 10.0) / 100.0;
  }

  public List<String> lines() {
    return Stream.concat(facts(), broken.stream().map(why -> "the demo broke off: " + why))
        .toList();
  }

  private Stream<String> facts() {
    return Stream.of(
        "ground                 " + ground,
        "job                    " + job,
        "tasks                  %d completed, %d failed, %d run again, of %d"
            .formatted(completed, failed, runAgain, tasks),
        "peak Pods              " + peakPods,
        "submit → first Pod     " + text(seconds.firstPod()),
        "submit → first task    " + text(seconds.firstTaskRunning()),
        "submit → all done      " + text(seconds.allDone()),
        "submit → back to zero  " + text(seconds.backToZero()),
        exactlyOnce
            ? "every task completed exactly once"
            : "NOT every task completed: see `tensorfleet get tasks --job " + job + "`");
  }

  private static String text(Optional<Double> seconds) {
    return seconds.map(s -> String.format(Locale.ROOT, "%.2f s", s)).orElse("never");
  }
}
