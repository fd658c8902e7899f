package io.tensorfleet.worker.session;

import io.grpc.Status;
import io.tensorfleet.worker.core.DrainState;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.engine.StopReason;
import io.tensorfleet.worker.polling.PollWire;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's dealings with its orchestrators: over the Work stream, or by polling where the
 * orchestrator does not know that.
 *
 * <p>Everything happens on one thread, the loop: stream events and runs' ends are posted to it, and
 * {@link #tick} comes there about each 50 ms.
 */
public final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private final SessionParts parts;
  private final Drainer drainer;
  private final StreamWire stream;
  private final EarlierHost earlier;
  private final PollWire polls;
  private final CompletableFuture<Exit> exit = new CompletableFuture<>();

  public Session(SessionParts parts) {
    this.parts = parts;
    this.drainer = new Drainer(parts.settings().drainTimeout());
    this.stream = new StreamWire(parts, drainer, new StreamHost());
    this.earlier = new EarlierHost(parts, drainer, this::changed, this::pollsBroken);
    this.polls = new PollWire(EarlierHost.parts(parts), earlier);
  }

  /** Comes when the worker has nothing left to do. */
  public CompletableFuture<Exit> exit() {
    return exit;
  }

  /** Begins to leave; a second call hastens. */
  public void drain(Exit cause) {
    parts.ground().loop().execute(() -> beginDrain(cause));
  }

  /** Begins to leave, unless it does already. */
  public void drainOnce(Exit cause) {
    parts.ground().loop().execute(() -> beginDrainOnce(cause));
  }

  /** A slot for a task that came by the worker's own service, or why there is none. */
  public CompletableFuture<Loan> borrowSlot(String taskId) {
    return CompletableFuture.supplyAsync(
        () -> Loan.of(drainer.state(), stream.runs(taskId) || polls.runs(taskId), this::lend),
        parts.ground().loop());
  }

  private Optional<Slots.Slot> lend() {
    return stream.lend().or(polls::lend);
  }

  /** Cancels a task that came from an orchestrator and runs here; false where there is none. */
  public CompletableFuture<Boolean> cancel(String taskId, String reason) {
    return CompletableFuture.supplyAsync(
        () -> stream.cancel(taskId, reason) || polls.cancel(taskId, reason), parts.ground().loop());
  }

  private long now() {
    return parts.ground().nanos().getAsLong();
  }

  /** Does whatever is due. On the loop only. */
  public void tick() {
    long now = now();
    stream.expire(now);
    advanceDrain(now);
    if (exit.isDone()) {
      return;
    }
    if (!polls.on()) {
      stream.tick(now);
    }
    polls.serve(stream.open().isPresent());
  }

  private final class StreamHost implements StreamWire.Host {
    @Override
    public void welcomed() {
      earlier.newer();
      polls.reached();
    }

    @Override
    public void leave(Exit cause) {
      beginDrainOnce(cause);
    }

    @Override
    public void changed() {
      Session.this.changed();
    }

    @Override
    public void closed(Status status) {
      streamClosed(status);
    }
  }

  private void changed() {
    advanceDrain(now());
  }

  private void streamClosed(Status status) {
    if (exit.isDone()) {
      return;
    }
    if (drainer.state() == DrainState.LEAVING) {
      exit.complete(drainer.exit());
    } else if (status.getCode() == Status.Code.ALREADY_EXISTS) {
      superseded(status);
    } else if (PollWire.isEarlier(status) && !stream.wasWelcomed()) {
      stream.rest();
      polls.begin();
    } else {
      stream.retryLater(status);
    }
  }

  private void pollsBroken(Status status) {
    if (polls.on()) {
      polls.rest();
      stream.retryLater(status);
    }
  }

  private void superseded(Status status) {
    stopAll(StopReason.LOST, "another process took over this worker's name");
    String sentence =
        "a newer process has taken over the worker id %s (%s): give each worker a WORKER_ID of its own"
            .formatted(parts.settings().hello().getWorkerId(), status.getDescription());
    exit.complete(new Exit(1, sentence));
  }

  private void stopAll(StopReason reason, String detail) {
    stream.stopAll(reason, detail);
    polls.stopAll(reason, detail);
  }

  private void beginDrainOnce(Exit cause) {
    if (drainer.state() == DrainState.RUNNING) {
      beginDrain(cause);
    }
  }

  private void beginDrain(Exit cause) {
    drainer.ask(cause, now());
    parts.facts().draining(drainer.state());
    stream.drain();
    advanceDrain(now());
  }

  private void advanceDrain(long now) {
    int open = stream.running() + polls.open();
    int running = Math.max(open, parts.facts().active());
    DrainState before = drainer.state();
    DrainState state = drainer.advance(now, running, unacknowledged());
    parts.facts().draining(state);
    if (state == DrainState.HANDING_BACK && before != state) {
      String why = drainer.hastened() ? "it was asked to leave once more" : "the drain time is up";
      LOG.warn("{}: {} tasks are handed back", why, running);
      stopAll(StopReason.RETURNED, "the worker drains");
    }
    if (state == DrainState.LEAVING) {
      leave(before, now);
    }
  }

  /** What an earlier orchestrator can take no verdict on is not waited for while there is one. */
  private int unacknowledged() {
    return polls.unacknowledged() + (polls.on() ? 0 : stream.unacknowledged());
  }

  private void leave(DrainState before, long now) {
    if (stream.open().isEmpty() || drainer.leftLongAgo(now)) {
      exit.complete(drainer.exit());
    } else if (before != DrainState.LEAVING) {
      stream.complete();
    }
  }
}
