package io.tensorfleet.worker.session;

import io.grpc.Status;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.worker.core.Backoff;
import io.tensorfleet.worker.core.ConnectionState;
import io.tensorfleet.worker.core.GoDuration;
import io.tensorfleet.worker.polling.Sentences;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one stream that a session has at a time: opened with a hello, opened again after a back-off.
 * Used by the session's thread alone.
 */
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final Duration WELCOME_PATIENCE = Duration.ofSeconds(10);

  private final SessionParts parts;
  private final Supplier<Hello> hello;
  private final BiConsumer<Link, OrchestratorMessage> received;
  private final Consumer<Status> closed;

  private int generation;
  private @Nullable Link link;
  private boolean welcomed;
  private int failures;
  private long openedAt;
  private long nextConnectAt;

  /**
   * A connection that is not yet there.
   *
   * @param hello asked for at each opening
   * @param received hears what comes on the open stream, never on an earlier one
   * @param closed hears once that the open stream is gone; without {@link #retryLater} another
   *     follows at the next tick
   */
  Connection(
      SessionParts parts,
      Supplier<Hello> hello,
      BiConsumer<Link, OrchestratorMessage> received,
      Consumer<Status> closed) {
    this.parts = parts;
    this.hello = hello;
    this.received = received;
    this.closed = closed;
    this.nextConnectAt = parts.ground().nanos().getAsLong();
  }

  /** The open stream, once the orchestrator has welcomed this worker on it. */
  Optional<Link> welcomed() {
    return welcomed ? Optional.ofNullable(link) : Optional.empty();
  }

  /** The orchestrator's welcome has come on the open stream. */
  void welcome() {
    welcomed = true;
    failures = 0;
    parts.facts().connected(Facts.Wire.NEW);
  }

  /** Whether a welcome has come on the stream that is open, or on the last one. */
  boolean wasWelcomed() {
    return welcomed;
  }

  /** An orchestrator of the earlier wire is there: the next loss begins a new row of tries. */
  void earlier() {
    failures = 0;
  }

  /** Opens a stream where one is due, and gives up one on which no welcome comes. */
  void tick(long now) {
    if (link == null && now - nextConnectAt >= 0) {
      open(now);
    } else if (link != null && !welcomed && now - openedAt > WELCOME_PATIENCE.toNanos()) {
      link.abandon("no welcome came");
      closed(generation, Status.UNAVAILABLE.withDescription("no welcome came within 10s"));
    }
  }

  private void open(long now) {
    generation++;
    openedAt = now;
    welcomed = false;
    parts.facts().connecting();
    try {
      Link opened = parts.connector().open(new Events(generation));
      link = opened;
      opened.send(WorkerMessage.newBuilder().setHello(hello.get()).build());
    } catch (RuntimeException failure) {
      closed(generation, Status.fromThrowable(failure));
    }
  }

  private final class Events implements LinkEvents {
    private final int own;

    Events(int own) {
      this.own = own;
    }

    @Override
    public void message(OrchestratorMessage message) {
      parts.ground().loop().execute(() -> received(own, message));
    }

    @Override
    public void closed(Status status) {
      parts.ground().loop().execute(() -> Connection.this.closed(own, status));
    }
  }

  private void received(int from, OrchestratorMessage message) {
    Link open = link;
    if (from == generation && open != null) {
      received.accept(open, message);
    }
  }

  private void closed(int from, Status status) {
    if (from == generation) {
      link = null;
      generation++; // nothing more is heard of this stream
      closed.accept(status);
    }
  }

  /** Plans the next stream; the one before ended for this reason. */
  void retryLater(Status status) {
    boolean wasConnected = parts.facts().connection() == ConnectionState.CONNECTED;
    failures++;
    Duration delay = Backoff.delay(failures, parts.ground().random().getAsDouble());
    nextConnectAt = parts.ground().nanos().getAsLong() + delay.toNanos();
    String error = Sentences.of(status);
    parts.facts().disconnected(parts.ground().wall().instant(), error);
    if (wasConnected || failures == 1 || failures % 20 == 0) {
      LOG.warn(
          "no orchestrator ({}); try {} follows in {}",
          error,
          failures + 1,
          GoDuration.format(delay));
    }
  }
}
