package io.tensorfleet.cli.demo;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.grpc.Context;
import io.tensorfleet.cli.OrchestratorClient;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.proto.v1.GetJobRequest;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.WatchQueueRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The main job, shown: a pool is applied, a job submitted, and all is watched until the pool is
 * back at zero.
 */
public final class Demo {
  private static final long TICK_MILLIS = 200;

  /** Where it runs. */
  public record Ground(String name, KubernetesClient kube, OrchestratorClient orchestrator) {}

  /** What it does, and how long it may take. */
  public record Plan(WorkerPool pool, SubmitRequest job, Duration limit) {}

  private final Ground ground;
  private final Plan plan;
  private final BlockingQueue<DemoEvent> events = new LinkedBlockingQueue<>();

  private Demo(Ground ground, Plan plan) {
    this.ground = ground;
    this.plan = plan;
  }

  /** Blocks until it is over; {@code show} is called after each event. */
  public static DemoSummary run(Ground ground, Plan plan, BiConsumer<DemoState, Duration> show)
      throws InterruptedException {
    return new Demo(ground, plan).run(show);
  }

  private DemoSummary run(BiConsumer<DemoState, Duration> show) throws InterruptedException {
    var name = plan.pool().getMetadata().getName();
    var namespace = plan.pool().getMetadata().getNamespace();
    try (var streams = Context.current().withCancellation();
        var _ =
            ground
                .kube()
                .pods()
                .inNamespace(namespace)
                .withLabel("tensorfleet.io/pool", name)
                .inform(
                    Events.of(
                        pod -> events.add(new DemoEvent.PodSeen(name(pod))),
                        pod -> events.add(new DemoEvent.PodGone(name(pod)))));
        var _ =
            ground
                .kube()
                .resources(WorkerPool.class)
                .inNamespace(namespace)
                .withName(name)
                .inform(
                    Events.of(
                        pool -> events.add(new DemoEvent.PoolSeen(pool)),
                        _ ->
                            events.add(
                                new DemoEvent.Broken("the pool " + name + " was deleted"))))) {
      ground.kube().resource(plan.pool()).createOr(NonDeletingOperation::update);
      streams.run(() -> watch(plan.pool().getSpec().queue()));
      return follow(show);
    }
  }

  private void watch(String queue) {
    ground
        .orchestrator()
        .queueStreams()
        .watchQueue(
            WatchQueueRequest.newBuilder().addQueues(queue).build(),
            Stream.into(snapshot -> events.add(new DemoEvent.QueueSeen(snapshot)), events));
  }

  private DemoSummary follow(BiConsumer<DemoState, Duration> show) throws InterruptedException {
    var state = DemoState.at(Instant.now());
    var jobId = ground.orchestrator().jobs().submit(plan.job()).getJobId();
    ground
        .orchestrator()
        .jobStreams()
        .watchJob(
            GetJobRequest.newBuilder().setJobId(jobId).build(),
            Stream.into(job -> events.add(new DemoEvent.JobSeen(job)), events));
    while (!state.over()) {
      var event = events.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
      var now = Instant.now();
      var elapsed = Duration.between(state.submitted(), now);
      state = state.after(orElse(event, elapsed), now);
      show.accept(state, elapsed);
    }
    return DemoSummary.of(ground.name(), state);
  }

  private DemoEvent orElse(@org.jspecify.annotations.Nullable DemoEvent event, Duration elapsed) {
    if (elapsed.compareTo(plan.limit()) > 0) {
      return new DemoEvent.Broken("not over after " + plan.limit().toSeconds() + " s");
    }
    return event == null ? new DemoEvent.Tick() : event;
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }
}
