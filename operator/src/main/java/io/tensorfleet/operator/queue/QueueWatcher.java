package io.tensorfleet.operator.queue;

import io.tensorfleet.operator.PoolKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Knows the queues that pools serve, by one stream per orchestrator address (and a further one for
 * each hundred queues), and says at once which pools are concerned when a snapshot comes or a
 * stream is lost.
 */
public final class QueueWatcher implements AutoCloseable {
  private final Channels channels;
  private final Consumer<PoolKey> listener;
  private final OrchestratorStream.Surroundings around;
  private final ScheduledExecutorService timer;

  private final Object lock = new Object();
  private final Map<PoolKey, QueueKey> followers = new HashMap<>();
  private final Map<QueueKey, Set<PoolKey>> pools = new HashMap<>();
  private final Map<QueueKey, OrchestratorStream> streams = new HashMap<>();
  private final Map<String, List<OrchestratorStream>> byAddress = new HashMap<>();

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
      pools.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(pool);
      streams.computeIfAbsent(key, this::wanted);
      if (before != null) {
        unfollow(pool, before);
      }
    }
  }

  /** The pool is gone. */
  public void forget(PoolKey pool) {
    synchronized (lock) {
      QueueKey before = followers.remove(pool);
      if (before != null) {
        unfollow(pool, before);
      }
    }
  }

  /** What is known of the queue now. */
  public QueueReading read(QueueKey key) {
    Optional<OrchestratorStream> stream;
    synchronized (lock) {
      stream = Optional.ofNullable(streams.get(key));
    }
    return stream.flatMap(s -> s.read(key.queue())).orElseGet(QueueReading.Connecting::new);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    synchronized (lock) {
      byAddress.forEach((address, all) -> all.forEach(stream -> end(address, stream)));
      byAddress.clear();
      streams.clear();
      pools.clear();
      followers.clear();
    }
  }

  /** The stream of the address that has room, else a new one, with the queue wanted from it. */
  private OrchestratorStream wanted(QueueKey key) {
    List<OrchestratorStream> there =
        byAddress.computeIfAbsent(key.address(), _ -> new ArrayList<>());
    for (OrchestratorStream stream : there) {
      if (stream.want(key.queue())) {
        return stream;
      }
    }
    OrchestratorStream stream =
        new OrchestratorStream(
            key.address(),
            channels.take(key.address()),
            around,
            queues -> tell(key.address(), queues));
    there.add(stream);
    stream.want(key.queue());
    return stream;
  }

  private void unfollow(PoolKey pool, QueueKey key) {
    Set<PoolKey> others = pools.getOrDefault(key, Set.of());
    others.remove(pool);
    if (!others.isEmpty()) {
      return;
    }
    pools.remove(key);
    OrchestratorStream stream = streams.remove(key);
    if (stream != null && stream.drop(key.queue())) {
      byAddress.computeIfPresent(
          key.address(), (_, all) -> all.remove(stream) && all.isEmpty() ? null : all);
      end(key.address(), stream);
    }
  }

  private void end(String address, OrchestratorStream stream) {
    stream.close();
    channels.giveBack(address);
  }

  private void tell(String address, Collection<String> queues) {
    List<PoolKey> concerned = new ArrayList<>();
    synchronized (lock) {
      for (String queue : queues) {
        concerned.addAll(pools.getOrDefault(new QueueKey(address, queue), Set.of()));
      }
    }
    concerned.forEach(listener);
  }

  private void checkSilence() {
    List<OrchestratorStream> all;
    synchronized (lock) {
      all = byAddress.values().stream().flatMap(List::stream).toList();
    }
    all.forEach(OrchestratorStream::checkSilence);
  }
}
