package io.tensorfleet.cli;

import io.tensorfleet.cli.output.Text;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.JobState;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** A line for each change of a job, and one hint when nobody takes it. */
final class ProgressLines implements Consumer<Job> {
  private final PrintWriter out;
  private String last = "";
  private boolean hinted;

  ProgressLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void accept(Job job) {
    var line = line(job);
    if (!line.equals(last)) {
      out.println(line);
      last = line;
    } else if (job.getState() == JobState.JOB_STATE_PENDING && !hinted) {
      hinted = true;
      out.println(
          "no worker has taken a task yet: is there a pool for the queue '%s'? See `tensorfleet get pools`"
              .formatted(job.getQueue()));
    }
    out.flush();
  }

  private static String line(Job job) {
    var tasks = job.getTasks();
    return "job %s %s: %d of %d completed, %d running, %d waiting, %d failed"
        .formatted(
            job.getJobId(),
            Text.state(job.getState(), "JOB_STATE_"),
            tasks.getCompleted(),
            tasks.getTotal(),
            tasks.getRunning(),
            tasks.getWaiting(),
            tasks.getFailed());
  }
}
