package io.tensorfleet.operator.queue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tensorfleet.proto.v1.QueueServiceGrpc;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.WatchQueueRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WatchQueue stream to one orchestrator address, for up to a hundred queues that are wanted from
 * it. Opened anew with back-off when it breaks, when it falls silent and when further queues are
 * wanted.
 */
final class OrchestratorStream implements AutoCloseable {
  /** So many queues one WatchQueueRequest may name. */
  static final int MOST_QUEUES = 100;

  private static final Logger log = LoggerFactory.getLogger(OrchestratorStream.class);

  /** What a stream needs of the world. */
  record Surroundings(
      WatchTiming timing,
      java.time.InstantSource clock,
      java.util.random.RandomGenerator random,
      ScheduledExecutorService timer) {}

  private final String address;
  private final ManagedChannel channel;
  private final Surroundings around;
  private final Consumer<Collection<String>> changed;

  private final Object lock = new Object();
  private final Map<String, QueueReading> readings = new TreeMap<>();
  private @Nullable Watch current;
  private boolean opening;
  private boolean closed;
  private int failures;
  private Instant heard;

  OrchestratorStream(
      String address,
      ManagedChannel channel,
      Surroundings around,
      Consumer<Collection<String>> changed) {
    this.address = address;
    this.channel = channel;
    this.around = around;
    this.changed = changed;
    this.heard = around.clock().instant();
  }

  /** Watches this queue too; false where there is no room for it. */
  boolean want(String queue) {
    synchronized (lock) {
      if (closed || readings.size() >= MOST_QUEUES) {
        return false;
      }
      if (readings.putIfAbsent(queue, new QueueReading.Connecting()) == null) {
        openAfter(around.timing().joining());
      }
      return true;
    }
  }

  /** Watches this queue no more; true where no other is left. */
  boolean drop(String queue) {
    synchronized (lock) {
      readings.remove(queue);
      return readings.isEmpty();
    }
  }

  Optional<QueueReading> read(String queue) {
    synchronized (lock) {
      return Optional.ofNullable(readings.get(queue));
    }
  }

  /** Ends a stream that has been silent for too long. */
  void checkSilence() {
    Watch silent;
    synchronized (lock) {
      Duration quiet = Duration.between(oldest(), around.clock().instant());
      if (current == null || quiet.compareTo(around.timing().silence()) <= 0) {
        return;
      }
      silent = current;
    }
    String told = "no snapshot from " + address + " for " + around.timing().silence().toSeconds();
    lost(silent, told + " s");
    silent.cancel("silent");
  }

  /**
   * When the queue that has been silent longest spoke last: one that speaks vouches for no other.
   */
  private Instant oldest() {
    return readings.values().stream()
        .filter(QueueReading.Known.class::isInstance)
        .map(reading -> ((QueueReading.Known) reading).receivedAt())
        .filter(heard::isAfter)
        .min(Instant::compareTo)
        .orElse(heard);
  }

  @Override
  public void close() {
    Watch last;
    synchronized (lock) {
      closed = true;
      last = current;
      current = null;
    }
    if (last != null) {
      last.cancel("closed");
    }
  }

  private void openAfter(Duration pause) {
    if (opening || closed) {
      return;
    }
    opening = true;
    var _ = around.timer().schedule(this::open, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void open() {
    Watch old;
    Watch next = new Watch();
    WatchQueueRequest request;
    synchronized (lock) {
      opening = false;
      if (closed || readings.isEmpty()) {
        return;
      }
      old = current;
      current = next;
      heard = around.clock().instant();
      request = WatchQueueRequest.newBuilder().addAllQueues(readings.keySet()).build();
    }
    if (old != null) {
      old.cancel("opened anew for further queues");
    }
    channel.resetConnectBackoff();
    QueueServiceGrpc.newStub(channel).watchQueue(request, next);
  }

  private void received(Watch from, QueueSnapshot snapshot) {
    Optional<String> mistake = Snapshots.mistake(snapshot);
    if (mistake.isPresent()) {
      lost(from, mistake.get());
      from.cancel("nonsense");
      return;
    }
    synchronized (lock) {
      if (from != current || !readings.containsKey(snapshot.getQueue())) {
        return;
      }
      if (failures > 0) {
        log.info("the queue at {} is reachable again", address);
      }
      failures = 0;
      heard = around.clock().instant();
      readings.put(snapshot.getQueue(), new QueueReading.Known(snapshot, heard));
    }
    changed.accept(List.of(snapshot.getQueue()));
  }

  /**
   * Makes every queue unknown and tries again later; of one loss, and of a replaced watch, nothing
   * twice.
   */
  private void lost(Watch from, String reason) {
    List<String> queues;
    synchronized (lock) {
      if (from != current) {
        return;
      }
      current = null;
      failures++;
      if (failures == 1) {
        log.warn("the queue at {} is unknown: {}", address, reason);
      }
      Instant now = around.clock().instant();
      readings.replaceAll((_, reading) -> reading.lost(now, reason));
      queues = new ArrayList<>(readings.keySet());
      long most = around.timing().backoff(failures).toMillis();
      openAfter(Duration.ofMillis(around.random().nextLong(most / 2, most + 1)));
    }
    changed.accept(queues);
  }

  /** One call of WatchQueue. */
  private final class Watch implements ClientResponseObserver<WatchQueueRequest, QueueSnapshot> {
    private volatile @Nullable ClientCallStreamObserver<WatchQueueRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchQueueRequest> stream) {
      call = stream;
    }

    @Override
    public void onNext(QueueSnapshot snapshot) {
      received(this, snapshot);
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      String more = status.getDescription() == null ? "" : ": " + status.getDescription();
      lost(this, "watching " + address + " ended with " + status.getCode() + more);
    }

    @Override
    public void onCompleted() {
      lost(this, "the orchestrator at " + address + " ended the stream");
    }

    void cancel(String reason) {
      var stream = call;
      if (stream != null) {
        stream.cancel(reason, null);
      }
    }
  }
}
