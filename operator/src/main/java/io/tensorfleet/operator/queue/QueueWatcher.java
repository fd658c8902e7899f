package io.tensorfleet.operator.queue;

import io.tensorfleet.operator.PoolKey;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Knows the queues that pools serve, by one stream per orchestrator address, and says at once which
 * pools are concerned when a snapshot comes or a stream is lost.
 */
public final class QueueWatcher implements AutoCloseable {
  private final Channels channels;
  private final Consumer<PoolKey> listener;
  private final OrchestratorStream.Surroundings around;
  private final ScheduledExecutorService timer;

  private final Object lock = new Object();
  private final Map<PoolKey, QueueKey> followers = new HashMap<>();
  private final Map<String, OrchestratorStream> streams = new HashMap<>();

  /**
   * @param listener called on the thread that brought the news; it must only hand over
   */
  public QueueWatcher(
      Channels channels, WatchTiming timing, InstantSource clock, Consumer<PoolKey> listener) {
    this.channels = channels;
    this.listener = listener;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("queue-watch").daemon().factory());
    this.around =
        new OrchestratorStream.Surroundings(timing, clock, RandomGenerator.getDefault(), timer);
    long pause = Math.max(10, Math.min(1_000, timing.silence().toMillis() / 4));
    var _ = timer.scheduleWithFixedDelay(this::checkSilence, pause, pause, TimeUnit.MILLISECONDS);
  }

  /** The pool serves this queue from now on. */
  public void follow(PoolKey pool, QueueKey key) {
    synchronized (lock) {
      QueueKey before = followers.put(pool, key);
      if (key.equals(before)) {
        return;
      }
      streams.computeIfAbsent(key.address(), this::stream).want(key.queue());
      if (before != null) {
        dropUnfollowed(before);
      }
    }
  }

  /** The pool is gone. */
  public void forget(PoolKey pool) {
    synchronized (lock) {
      QueueKey before = followers.remove(pool);
      if (before != null) {
        dropUnfollowed(before);
      }
    }
  }

  /** What is known of the queue now. */
  public QueueReading read(QueueKey key) {
    Optional<OrchestratorStream> stream;
    synchronized (lock) {
      stream = Optional.ofNullable(streams.get(key.address()));
    }
    return stream.flatMap(s -> s.read(key.queue())).orElseGet(QueueReading.Connecting::new);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    synchronized (lock) {
      streams.values().forEach(OrchestratorStream::close);
      streams.clear();
      followers.clear();
    }
  }

  private OrchestratorStream stream(String address) {
    return new OrchestratorStream(
        address, channels.to(address), around, queues -> tell(address, queues));
  }

  private void dropUnfollowed(QueueKey key) {
    OrchestratorStream stream = streams.get(key.address());
    if (stream == null || followers.containsValue(key)) {
      return;
    }
    stream.drop(key.queue());
    if (stream.isUnused()) {
      streams.remove(key.address());
      stream.close();
    }
  }

  private void tell(String address, Collection<String> queues) {
    List<PoolKey> concerned;
    synchronized (lock) {
      concerned =
          followers.entrySet().stream()
              .filter(e -> e.getValue().address().equals(address))
              .filter(e -> queues.contains(e.getValue().queue()))
              .map(Map.Entry::getKey)
              .toList();
    }
    concerned.forEach(listener);
  }

  private void checkSilence() {
    List<OrchestratorStream> all;
    synchronized (lock) {
      all = List.copyOf(streams.values());
    }
    all.forEach(OrchestratorStream::checkSilence);
  }
}
