package io.tensorfleet.orchestrator.watch;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.tensorfleet.orchestrator.store.DatabaseException;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.QueueSnapshot;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/** The streams that watch queues and jobs. */
public final class Watches {
  private static final long REPEAT_SECONDS = 10;

  private record WatchedJob(String queue, Topic<Job> topic) {}

  private final ScheduledExecutorService executor;
  private final InstantSource clock;
  private final BiFunction<String, java.time.Instant, QueueSnapshot> readQueue;
  private final Function<String, Optional<Job>> readJob;
  private final Map<String, Topic<QueueSnapshot>> queues = new ConcurrentHashMap<>();
  private final Map<String, WatchedJob> jobs = new ConcurrentHashMap<>();

  /** How the watched things are read. */
  public record Readers(
      BiFunction<String, java.time.Instant, QueueSnapshot> queue,
      Function<String, Optional<Job>> job) {}

  public Watches(ScheduledExecutorService executor, InstantSource clock, Readers readers) {
    this.executor = executor;
    this.clock = clock;
    this.readQueue = readers.queue();
    this.readJob = readers.job();
    var _ =
        executor.scheduleAtFixedRate(
            this::repeat, REPEAT_SECONDS, REPEAT_SECONDS, TimeUnit.SECONDS);
  }

  public void watchQueue(String queue, ServerCallStreamObserver<QueueSnapshot> out) {
    Topic<QueueSnapshot> topic = queues.computeIfAbsent(queue, this::queueTopic);
    topic.subscribe(new Stream<>(out, _ -> false));
  }

  /** The queue's state now and on each change, as {@link #watchQueue} gives it. */
  public void follow(String queue, QueueFollower follower) {
    queues.computeIfAbsent(queue, this::queueTopic).subscribe(subscriber(follower));
  }

  /** The queue's state once, read only where nobody watches it and nobody has just asked. */
  public void ask(String queue, QueueFollower follower) {
    queues.computeIfAbsent(queue, this::queueTopic).ask(subscriber(follower));
  }

  private static Topic.Subscriber<QueueSnapshot> subscriber(QueueFollower follower) {
    return new Topic.Subscriber<>() {
      @Override
      public boolean take(QueueSnapshot state) {
        return follower.take(state);
      }

      @Override
      public void fail(DatabaseException away) {
        follower.away();
      }
    };
  }

  /** Until the job has ended; the job must exist. */
  public void watchJob(Job job, ServerCallStreamObserver<Job> out) {
    WatchedJob watched =
        jobs.computeIfAbsent(job.getJobId(), id -> new WatchedJob(job.getQueue(), jobTopic(id)));
    watched.topic().subscribe(new Stream<>(out, Job::hasFinishedAt));
  }

  public void changed(String queue) {
    Optional.ofNullable(queues.get(queue)).ifPresent(Topic::changed);
    jobs.values().stream().filter(w -> w.queue().equals(queue)).forEach(w -> w.topic().changed());
  }

  private void repeat() {
    jobs.values().removeIf(w -> !w.topic().watched());
    queues.values().forEach(Topic::repeat);
    jobs.values().forEach(w -> w.topic().repeat());
  }

  private Topic<QueueSnapshot> queueTopic(String queue) {
    AtomicLong version = new AtomicLong(clock.millis());
    return new Topic<>(
        executor,
        new Topic.Source<>() {
          @Override
          public QueueSnapshot read() {
            return readQueue.apply(queue, clock.instant()).toBuilder()
                .setVersion(version.incrementAndGet())
                .build();
          }

          @Override
          public boolean same(QueueSnapshot a, QueueSnapshot b) {
            return timeless(a).equals(timeless(b));
          }
        },
        System::nanoTime);
  }

  private static QueueSnapshot timeless(QueueSnapshot snapshot) {
    return snapshot.toBuilder().clearVersion().clearObservedAt().clearOldestAge().build();
  }

  private Topic<Job> jobTopic(String jobId) {
    return new Topic<>(
        executor,
        new Topic.Source<>() {
          @Override
          public Job read() {
            return readJob.apply(jobId).orElse(Job.newBuilder().setJobId(jobId).build());
          }

          @Override
          public boolean same(Job a, Job b) {
            return a.equals(b);
          }
        },
        System::nanoTime);
  }

  /**
   * One subscriber's stream. Slow ones skip states, which are whole each time, and get a later one.
   */
  private static final class Stream<T> implements Topic.Subscriber<T> {
    private final ServerCallStreamObserver<T> out;
    private final Predicate<T> isLast;

    Stream(ServerCallStreamObserver<T> out, Predicate<T> isLast) {
      this.out = out;
      this.isLast = isLast;
    }

    @Override
    public boolean take(T state) {
      if (out.isCancelled()) {
        return false;
      }
      if (!out.isReady() && !isLast.test(state)) {
        return true;
      }
      try {
        out.onNext(state);
        if (isLast.test(state)) {
          out.onCompleted();
          return false;
        }
        return true;
      } catch (IllegalStateException | StatusRuntimeException e) {
        return false;
      }
    }

    @Override
    public void fail(DatabaseException away) {
      try {
        out.onError(
            Status.UNAVAILABLE
                .withDescription("the queue's database does not answer: try again")
                .asRuntimeException());
      } catch (IllegalStateException e) {
        // it had ended already
      }
    }
  }
}
