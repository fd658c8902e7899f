package io.tensorfleet.orchestrator.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.tensorfleet.orchestrator.store.TaskReads;
import io.tensorfleet.orchestrator.store.TaskReads.Keyed;
import io.tensorfleet.orchestrator.store.TaskReads.Numbered;
import io.tensorfleet.proto.v1.LogLine;
import io.tensorfleet.proto.v1.ReadLogsRequest;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Sends the logs of tasks; whoever follows one is served twice a second until the task has ended.
 */
public final class LogStreams {
  private static final int MOST = 10_000;
  private final TaskReads tasks;
  private final ScheduledExecutorService executor;

  public LogStreams(TaskReads tasks, ScheduledExecutorService executor) {
    this.tasks = tasks;
    this.executor = executor;
  }

  void read(Keyed task, ReadLogsRequest request, ServerCallStreamObserver<LogLine> out) {
    int tail = request.getTail() == 0 ? 1_000 : request.getTail();
    long last = send(tasks.log(task.key(), 0, tail), 0, out);
    if (!request.getFollow() || task.task().hasFinishedAt()) {
      out.onCompleted();
    } else {
      later(new Follow(task, last, out));
    }
  }

  private record Follow(Keyed task, long last, ServerCallStreamObserver<LogLine> out) {}

  private void later(Follow follow) {
    var _ = executor.schedule(() -> follow(follow), 500, TimeUnit.MILLISECONDS);
  }

  private void follow(Follow follow) {
    if (follow.out().isCancelled()) {
      return;
    }
    try {
      boolean ended = tasks.task(name(follow)).map(t -> t.task().hasFinishedAt()).orElse(true);
      long last =
          send(tasks.log(follow.task().key(), follow.last(), MOST), follow.last(), follow.out());
      if (ended) {
        follow.out().onCompleted();
      } else {
        later(new Follow(follow.task(), last, follow.out()));
      }
    } catch (RuntimeException e) {
      follow.out().onError(Answers.status(e).asRuntimeException());
    }
  }

  private static io.tensorfleet.orchestrator.core.TaskName name(Follow follow) {
    return new io.tensorfleet.orchestrator.core.TaskName(
        follow.task().task().getJobId(), follow.task().key().index());
  }

  private static long send(List<Numbered> lines, long last, ServerCallStreamObserver<LogLine> out) {
    lines.forEach(line -> out.onNext(line.line()));
    return lines.isEmpty() ? last : lines.getLast().number();
  }
}
