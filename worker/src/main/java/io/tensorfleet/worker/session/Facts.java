package io.tensorfleet.worker.session;

import io.tensorfleet.worker.core.ConnectionState;
import io.tensorfleet.worker.core.DrainState;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.RunEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the worker stands: written by its session, read by probes, metrics and servers on any thread.
 */
public final class Facts implements RunEvents {
  /** Which wire the orchestrator speaks. */
  public enum Wire {
    /** The Work stream. */
    NEW,
    /** Single calls, of the earlier orchestrator. */
    OLD
  }

  private final Instant startedAt;
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicLong completed = new AtomicLong();
  private final AtomicLong leaseLosses = new AtomicLong();
  private final AtomicLong heartbeats = new AtomicLong();
  private final AtomicLong failedHeartbeats = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private final AtomicLong failedConnections = new AtomicLong();
  private volatile ConnectionState connection = ConnectionState.CONNECTING;
  private volatile DrainState drain = DrainState.RUNNING;
  private volatile Consumer<DrainState> whenDraining = _ -> {};
  private volatile boolean cordoned;
  private volatile @Nullable Wire wire;
  private volatile @Nullable Instant lastHeartbeat;
  private volatile @Nullable Instant lastSession;
  private volatile String lastError = "";
  private volatile long cameRound = System.nanoTime();

  public Facts(Instant startedAt) {
    this.startedAt = startedAt;
  }

  public Instant startedAt() {
    return startedAt;
  }

  public int active() {
    return active.get();
  }

  /** Tasks that ended as completed. */
  public long completed() {
    return completed.get();
  }

  public long leaseLosses() {
    return leaseLosses.get();
  }

  public long heartbeats() {
    return heartbeats.get();
  }

  /** Those that were not answered before their session ended. */
  public long failedHeartbeats() {
    return failedHeartbeats.get();
  }

  public long failedConnections() {
    return failedConnections.get();
  }

  public ConnectionState connection() {
    return connection;
  }

  public DrainState drain() {
    return drain;
  }

  public boolean cordoned() {
    return cordoned;
  }

  /** The wire of the orchestrator that is connected now. */
  public Optional<Wire> wire() {
    return connection == ConnectionState.CONNECTED ? Optional.ofNullable(wire) : Optional.empty();
  }

  /** On the Work stream when the last was sent; on the earlier wire the last answered call. */
  public Optional<Instant> lastHeartbeat() {
    return Optional.ofNullable(lastHeartbeat);
  }

  /** Why the last session, or the last try for one, ended; empty where none did or one is there. */
  public String lastError() {
    return lastError;
  }

  /**
   * How long there has been no session; zero while one is there, empty where there never was one.
   */
  public Optional<Duration> sinceSession(Instant now) {
    if (connection == ConnectionState.CONNECTED) {
      return Optional.of(Duration.ZERO);
    }
    return Optional.ofNullable(lastSession).map(then -> Duration.between(then, now));
  }

  @Override
  public void started(Run run) {
    active.incrementAndGet();
  }

  @Override
  public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {}

  @Override
  public void ended(Run run, RunEnd end) {
    active.decrementAndGet();
    if (end.how() instanceof RunEnd.Completed) {
      completed.incrementAndGet();
    }
  }

  void leaseLost() {
    leaseLosses.incrementAndGet();
  }

  void heartbeatSent(Instant now) {
    heartbeats.incrementAndGet();
    lastHeartbeat = now;
  }

  /** The last heartbeat is one that is answered by a message of its own. */
  void awaitsAnswer() {
    unanswered.incrementAndGet();
  }

  void heartbeatAnswered() {
    unanswered.set(0);
  }

  void heartbeatFailed() {
    failedHeartbeats.incrementAndGet();
  }

  /** The session's loop did all that was due. */
  public void cameRound(long nanos) {
    cameRound = nanos;
  }

  /** Time since the session's loop last did all that was due. */
  public Duration sinceRound(long nanos) {
    return Duration.ofNanos(nanos - cameRound);
  }

  void connecting() {
    connection = ConnectionState.CONNECTING;
  }

  void connected(Wire spoken) {
    wire = spoken;
    connection = ConnectionState.CONNECTED;
    lastError = "";
  }

  /** The orchestrator has answered a call of the earlier wire. */
  void answered(Instant now) {
    lastHeartbeat = now;
  }

  void disconnected(Instant now, String error) {
    failedHeartbeats.addAndGet(unanswered.getAndSet(0));
    if (connection == ConnectionState.CONNECTED) {
      lastSession = now;
    } else {
      failedConnections.incrementAndGet();
    }
    connection = ConnectionState.DISCONNECTED;
    lastError = error;
  }

  /** Hears each step of the worker's leave, once, on the session's thread. */
  public void whenDraining(Consumer<DrainState> action) {
    whenDraining = action;
  }

  void draining(DrainState state) {
    boolean steps = drain != state;
    drain = state;
    if (steps) {
      whenDraining.accept(state);
    }
  }

  void cordoned(boolean now) {
    cordoned = now;
  }
}
