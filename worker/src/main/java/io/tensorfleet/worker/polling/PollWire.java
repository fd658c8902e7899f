package io.tensorfleet.worker.polling;

import io.grpc.Status;
import io.tensorfleet.proto.orchestrator.AssignTaskResponse;
import io.tensorfleet.proto.worker.TaskRequest;
import io.tensorfleet.worker.core.DrainState;
import io.tensorfleet.worker.core.PollBook;
import io.tensorfleet.worker.core.RequestCheck;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.engine.StopReason;
import io.tensorfleet.worker.log.TaskContext;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wire of the earlier orchestrator: registers where that is known, polls for tasks with all
 * free slots, reports by single calls.
 *
 * <p>Its tasks and what it owes for them outlive the orchestrator: both are kept while none is
 * there, and reported to whichever comes next. Used by the session's thread alone.
 */
public final class PollWire {
  private static final Logger LOG = LoggerFactory.getLogger(PollWire.class);

  /** With so many completions owed, it asks for no more work. */
  private static final int MAX_UNACKNOWLEDGED = 4096;

  private final PollParts parts;
  private final Host host;
  private final PollBook book = new PollBook();
  private final Calls calls;
  private final PollRuns runs;
  private final Asker asker;
  private final Reporter reporter;
  private final JobWatch watch;
  private final JobMetrics metrics;
  private final Registrar registrar;
  private Mode mode = Mode.OFF;
  private boolean reachable;

  private enum Mode {
    OFF,
    REGISTERING,
    POLLING
  }

  public PollWire(PollParts parts, Host host) {
    this.parts = parts;
    this.host = host;
    this.calls = new Calls(parts, host);
    this.metrics = new JobMetrics(calls);
    this.runs = new PollRuns(parts, book, new PollRuns.Ears(metrics::put, this::changed));
    this.asker = new Asker(parts, calls, new Tasks());
    this.reporter = new Reporter(parts, calls, book, host::changed);
    this.watch = new JobWatch(calls, this::jobOver);
    this.registrar = new Registrar(parts, calls, host, this::lost);
  }

  /** Whether this is the wire in use. */
  public boolean on() {
    return mode != Mode.OFF;
  }

  /** This is the wire from here on. */
  public void begin() {
    mode = Mode.REGISTERING;
    calls.spoken();
    registrar.register(this::registered);
  }

  private void registered(String how) {
    if (mode == Mode.REGISTERING) {
      mode = Mode.POLLING;
      book.reached(parts.ground().now());
      host.polls(how);
      serve();
    }
  }

  /** Asks for nothing more; what runs goes on. */
  public void rest() {
    mode = Mode.OFF;
  }

  /** An orchestrator is there again, on whatever wire. */
  public void reached() {
    book.reached(parts.ground().now());
  }

  /**
   * Does whatever is due.
   *
   * @param stream whether there is an orchestrator that is spoken to on the Work stream
   */
  public void serve(boolean stream) {
    reachable = stream;
    serve();
  }

  private void serve() {
    long now = parts.ground().now();
    runs.startWaiting();
    if (mode == Mode.POLLING) {
      registrar.beat(book.running(), now);
      boolean room = book.unacknowledged() < MAX_UNACKNOWLEDGED;
      if (host.drain() == DrainState.RUNNING && room) {
        asker.ask(now);
      }
    }
    if (mode == Mode.POLLING || reachable) {
      metrics.send(now);
      reporter.send(now);
      watch.poll(book.jobs(), now);
    }
  }

  private void changed() {
    serve();
    host.changed();
  }

  private final class Tasks implements Asker.Taker {
    @Override
    public boolean take(AssignTaskResponse task, Optional<Slots.Slot> slot) {
      return PollWire.this.take(task, slot);
    }

    @Override
    public void back() {
      changed();
    }
  }

  private boolean take(AssignTaskResponse task, Optional<Slots.Slot> slot) {
    Optional<PollBook.Held> held =
        task.getTaskId().isEmpty()
            ? Optional.empty()
            : book.take(task.getJobId(), task.getTaskId());
    if (held.isPresent() && begin(held.get(), task, slot)) {
      return true;
    }
    slot.ifPresent(Slots.Slot::close);
    return false;
  }

  private boolean begin(PollBook.Held held, AssignTaskResponse task, Optional<Slots.Slot> slot) {
    TaskRequest request = request(task);
    List<String> mistakes = RequestCheck.mistakes(request);
    if (!mistakes.isEmpty()) {
      String sentence = "the task cannot be run: " + String.join("; ", mistakes);
      LOG.warn("a task was refused: {}", sentence);
      runs.fail(held, sentence);
      return false;
    }
    if (host.drain().compareTo(DrainState.HANDING_BACK) >= 0) {
      runs.fail(held, Completions.DRAINS);
      return false;
    }
    runs.begin(held, TrainingTask.of(request), slot);
    return true;
  }

  private static TaskRequest request(AssignTaskResponse task) {
    return TaskRequest.newBuilder()
        .setTaskId(task.getTaskId())
        .setJobId(task.getJobId())
        .setModelType(task.getModelType())
        .setDatasetPath(task.getDatasetPath())
        .putAllHyperparameters(task.getHyperparametersMap())
        .setEpoch(task.getEpoch())
        .setBatchStart(task.getBatchStart())
        .setBatchEnd(task.getBatchEnd())
        .build();
  }

  private void jobOver(String job, String state) {
    runs.stop(
        held -> held.jobId().equals(job),
        StopReason.CANCELLED,
        "the job %s is %s".formatted(job, state));
  }

  private void lost(PollBook.Held held) {
    if (book.lost(held)) {
      try (TaskContext _ = TaskContext.of(held.taskId(), held.jobId())) {
        LOG.warn("the orchestrator took it back");
      }
      runs.stop(held::equals, StopReason.LOST, "the orchestrator took it back");
    }
  }

  /** A slot for a task that came another way. */
  public Optional<Slots.Slot> lend() {
    return asker.lend();
  }

  /** Whether a task runs here, of whatever job. */
  public boolean runs(String taskId) {
    return book.running().stream().anyMatch(held -> held.taskId().equals(taskId));
  }

  /** Cancels a task, of whatever job; false where it does not run here. */
  public boolean cancel(String taskId, String reason) {
    return runs.stop(held -> held.taskId().equals(taskId), StopReason.CANCELLED, reason);
  }

  public void stopAll(StopReason reason, String detail) {
    runs.stop(_ -> true, reason, detail);
  }

  /** What runs, waits for a slot, or was asked for and may still come. */
  public int open() {
    return runs.size() + asker.outstanding();
  }

  /** Completions that are not acknowledged. */
  public int unacknowledged() {
    return book.unacknowledged();
  }

  /** Whether this status of the Work stream tells of an earlier orchestrator. */
  public static boolean isEarlier(Status status) {
    return status.getCode() == Status.Code.UNIMPLEMENTED;
  }
}
