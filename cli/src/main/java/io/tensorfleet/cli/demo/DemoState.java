package io.tensorfleet.cli.demo;

import io.tensorfleet.cli.JobWatch;
import io.tensorfleet.cli.demo.DemoEvent.Broken;
import io.tensorfleet.cli.demo.DemoEvent.JobSeen;
import io.tensorfleet.cli.demo.DemoEvent.PodGone;
import io.tensorfleet.cli.demo.DemoEvent.PodSeen;
import io.tensorfleet.cli.demo.DemoEvent.PoolSeen;
import io.tensorfleet.cli.demo.DemoEvent.QueueSeen;
import io.tensorfleet.cli.demo.DemoEvent.Tick;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.QueueSnapshot;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** All that the demo has seen so far, folded from its events. */
public record DemoState(
    Instant submitted,
    Optional<WorkerPool> pool,
    Optional<Job> job,
    Optional<QueueSnapshot> queue,
    Set<String> pods,
    Marks marks,
    Optional<String> broken) {

  /** When things happened for the first time, and the most Pods at once. */
  public record Marks(int peakPods, Optional<Instant> firstPod, Optional<Instant> backToZero) {
    static final Marks NONE = new Marks(0, Optional.empty(), Optional.empty());

    Marks grown(int pods, Instant at) {
      return new Marks(
          Math.max(peakPods, pods), firstPod.or(() -> Optional.of(at)), Optional.empty());
    }

    Marks shrunk(int pods, Instant at) {
      return pods == 0 ? new Marks(peakPods, firstPod, Optional.of(at)) : this;
    }
  }

  public DemoState {
    pods = Set.copyOf(pods);
  }

  public static DemoState at(Instant submitted) {
    return new DemoState(
        submitted,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Marks.NONE,
        Optional.empty());
  }

  public DemoState after(DemoEvent event, Instant at) {
    return switch (event) {
      case PoolSeen(var seen) ->
          new DemoState(submitted, Optional.of(seen), job, queue, pods, marks, broken);
      case JobSeen(var seen) ->
          new DemoState(submitted, pool, Optional.of(seen), queue, pods, marks, broken);
      case QueueSeen(var seen) ->
          new DemoState(submitted, pool, job, Optional.of(seen), pods, marks, broken);
      case PodSeen(var name) -> withPods(with(name), at);
      case PodGone(var name) -> withPods(without(name), at);
      case Broken(var what) ->
          new DemoState(submitted, pool, job, queue, pods, marks, Optional.of(what));
      case Tick() -> this;
    };
  }

  public boolean jobEnded() {
    return job.filter(JobWatch::ended).isPresent();
  }

  /** Whether there is nothing left to see: the job has ended and the pool is back at zero. */
  public boolean over() {
    return broken.isPresent() || (jobEnded() && pods.isEmpty());
  }

  private DemoState withPods(Set<String> now, Instant at) {
    var next =
        now.size() > pods.size()
            ? marks.grown(now.size(), at)
            : now.size() < pods.size() ? marks.shrunk(now.size(), at) : marks;
    return new DemoState(submitted, pool, job, queue, now, next, broken);
  }

  private Set<String> with(String name) {
    var next = new TreeSet<>(pods);
    next.add(name);
    return next;
  }

  private Set<String> without(String name) {
    var next = new TreeSet<>(pods);
    next.remove(name);
    return next;
  }
}
