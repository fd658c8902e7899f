package io.tensorfleet.cli.demo;

import io.tensorfleet.cli.output.PoolRows;
import io.tensorfleet.cli.output.Rows;
import io.tensorfleet.cli.output.Text;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The demo's screen: a line for each pool, job and worker, by a key that stays the same. */
final class DemoView {
  private static final int BAR = 20;

  private DemoView() {}

  /** How the three kinds of lines are worded. */
  private record Wording(
      Function<WorkerPool, String> pool,
      Function<Job, String> job,
      Function<WorkerState, String> worker) {}

  private static final Wording WHOLE =
      new Wording(
          pool -> PoolRows.line(pool) + reason(pool), DemoView::jobLine, DemoView::workerLine);
  private static final Wording STEADY =
      new Wording(PoolRows::line, DemoView::jobChange, DemoView::workerChange);

  /** Every line whole, for a screen that is drawn again. */
  static Map<String, String> screen(DemoState state) {
    return lines(state, WHOLE);
  }

  /**
   * The lines without what moves all the time, so that each change is one worth a line of its own.
   */
  static Map<String, String> changes(DemoState state) {
    return lines(state, STEADY);
  }

  private static Map<String, String> lines(DemoState state, Wording wording) {
    var lines = new LinkedHashMap<String, String>();
    state.pool().ifPresent(pool -> lines.put("pool", wording.pool().apply(pool)));
    state.job().ifPresent(job -> lines.put("job", wording.job().apply(job)));
    state.queue().stream()
        .flatMap(queue -> queue.getWorkersList().stream())
        .filter(WorkerState::getConnected)
        .sorted(Comparator.comparing(WorkerState::getWorkerId))
        .forEach(worker -> lines.put(worker.getWorkerId(), wording.worker().apply(worker)));
    return lines;
  }

  private static String reason(WorkerPool pool) {
    var sentence = PoolRows.sentence(pool);
    return sentence.isEmpty() ? "" : "  " + sentence;
  }

  private static String jobLine(Job job) {
    var tasks = job.getTasks();
    return "job     %s  %s %3.0f%%  %d/%d completed, %d running, %d waiting%s%s"
        .formatted(
            job.getJobId(),
            bar(job.getPercent()),
            job.getPercent(),
            tasks.getCompleted(),
            tasks.getTotal(),
            tasks.getRunning(),
            tasks.getWaiting(),
            job.hasBest()
                ? String.format(Locale.ROOT, ", best loss %.4f", job.getBest().getLoss())
                : "",
            job.hasEstimatedLeft() && job.getPercent() < 100
                ? ", about "
                    + Text.age(Duration.ofSeconds(job.getEstimatedLeft().getSeconds()))
                    + " left"
                : "");
  }

  private static String jobChange(Job job) {
    var tasks = job.getTasks();
    var tenths = tasks.getTotal() == 0 ? 0 : 10 * tasks.getCompleted() / tasks.getTotal();
    return "job     %s  %s  %d%% of %d tasks completed"
        .formatted(
            job.getJobId(),
            Text.state(job.getState(), "JOB_STATE_"),
            10 * tenths,
            tasks.getTotal());
  }

  private static String workerLine(WorkerState worker) {
    return "worker  %s  %-8s %d/%d slots busy, %d completed, cpu %.0f%%, %d MiB"
        .formatted(
            worker.getWorkerId(),
            Rows.workerState(worker),
            worker.getBusy(),
            worker.getSlots(),
            worker.getTasksCompleted(),
            worker.getCpuPercent(),
            worker.getMemoryBytes() >> 20);
  }

  private static String workerChange(WorkerState worker) {
    return "worker  %s  %s".formatted(worker.getWorkerId(), Rows.workerState(worker));
  }

  private static String bar(double percent) {
    int full = (int) Math.round(Math.clamp(percent, 0, 100) / 100 * BAR);
    return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "]";
  }
}
