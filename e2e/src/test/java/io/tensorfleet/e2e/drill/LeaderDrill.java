package io.tensorfleet.e2e.drill;

import io.tensorfleet.e2e.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Two operators under a queue that never rests. The one that leads is killed, paused past its
 * Lease, and asked to end; the API server's audit log says who acted when.
 */
final class LeaderDrill implements Drill {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Duration TAKEOVER = Duration.ofSeconds(20);
  private static final Duration HAND_OVER = Duration.ofSeconds(10);
  private static final int POOLS = 3;

  @Override
  public String missing() {
    return Cluster.missing();
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) throws Exception {
    var run = new Run(ground, sizes.get("LEASE_SECONDS", 15));
    run.begin();
    for (int n = 0; n < sizes.get("LEADER_KILLS", 20); n++) {
      run.kill();
    }
    for (int n = 0; n < sizes.get("LEADER_PAUSES", 5); n++) {
      run.pause();
    }
    for (int n = 0; n < sizes.get("LEADER_HANDOVERS", 5); n++) {
      run.handOver();
    }
    String lint = PromLint.said(run.leader().page("/metrics"), ground.folder("lint"));
    run.end();
    return new LeaderChecker(TAKEOVER, HAND_OVER)
        .check(ground.cluster().audit().since(run.started), run.actions, lint);
  }

  /** One run of the drill. */
  private static final class Run {
    private final Ground ground;
    private final Cluster cluster;
    private final String namespace;
    private final Stage stage;
    private final Map<String, String> settings;
    private final List<LeaderAction> actions = new ArrayList<>();
    private final List<OperatorProcess> operators = new ArrayList<>();
    private final ScheduledExecutorService restless;
    private final Instant started = Instant.now();
    private int round;

    Run(Ground ground, int leaseSeconds) {
      this.ground = ground;
      this.cluster = ground.cluster();
      this.namespace = cluster.namespace("leader");
      this.stage = cluster.stage(namespace, new History());
      this.restless = ground.own(Executors.newSingleThreadScheduledExecutor());
      this.settings =
          Map.of(
              "ORCHESTRATOR_ADDRESS",
              stage.address(),
              "WATCH_NAMESPACES",
              namespace,
              "LEADER_ELECTION",
              "true",
              "LEASE_NAMESPACE",
              namespace,
              "LEASE_DURATION",
              leaseSeconds + "s");
    }

    void begin() {
      for (int pool = 0; pool < POOLS; pool++) {
        cluster.apply(pool(pool));
      }
      operators.add(OperatorProcess.start(ground, cluster, settings));
      operators.add(OperatorProcess.start(ground, cluster, settings));
      var _ = restless.scheduleWithFixedDelay(this::swing, 0, 250, TimeUnit.MILLISECONDS);
      acts("nobody");
    }

    void end() {
      restless.shutdownNow();
      stage.withdraw();
    }

    private void swing() {
      StageWork work = StageWork.lasting(Duration.ofMillis(300)).in("queue-" + ++round % POOLS);
      stage.submit(work, 1 + round % 5);
    }

    void kill() {
      OperatorProcess leader = leader();
      Instant now = Instant.now();
      leader.kill();
      note(LeaderAction.Kind.KILL, leader, now);
      replace(leader);
      acts(leader.id());
    }

    void pause() throws InterruptedException {
      OperatorProcess leader = leader();
      Instant now = Instant.now();
      leader.stop();
      note(LeaderAction.Kind.STOP, leader, now);
      acts(leader.id());
      note(LeaderAction.Kind.CONT, leader, Instant.now());
      leader.cont();
      ended(leader);
      replace(leader);
    }

    void handOver() throws InterruptedException {
      OperatorProcess leader = leader();
      note(LeaderAction.Kind.TERM, leader, Instant.now());
      leader.terminate();
      acts(leader.id());
      ended(leader);
      replace(leader);
    }

    private void note(LeaderAction.Kind kind, OperatorProcess operator, Instant time) {
      actions.add(new LeaderAction(kind, operator.id(), time));
    }

    private static void ended(OperatorProcess operator) throws InterruptedException {
      if (operator.program().exit(LIMIT).isEmpty()) {
        throw new AssertionError(operator.id() + " goes on although it does not lead any more");
      }
    }

    private void replace(OperatorProcess gone) {
      operators.remove(gone);
      operators.add(OperatorProcess.start(ground, cluster, settings));
    }

    private OperatorProcess leader() {
      return Await.value(LIMIT, "a leader", this::holder);
    }

    private Optional<OperatorProcess> holder() {
      return Optional.ofNullable(
              cluster.client().leases().inNamespace(namespace).withName(LeaderChecker.LEASE).get())
          .map(lease -> lease.getSpec().getHolderIdentity().replaceFirst("_[^_]*$", ""))
          .flatMap(id -> operators.stream().filter(o -> o.id().equals(id)).findFirst());
    }

    /** Waits until somebody other than this one has acted after the last action. */
    private void acts(String other) {
      Instant since = actions.isEmpty() ? started : actions.getLast().time();
      var _ =
          Await.value(
              LIMIT,
              "another one than " + other + " to act",
              () ->
                  cluster.audit().since(since).stream()
                      .filter(r -> r.byOperator() && r.isWrite() && r.accepted())
                      .filter(r -> !r.resource().equals("leases"))
                      .filter(r -> !r.user().endsWith(":" + other))
                      .findFirst());
    }

    private String pool(int number) {
      return """
          apiVersion: tensorfleet.io/v1alpha1
          kind: WorkerPool
          metadata: {name: pool-%d, namespace: %s}
          spec:
            queue: queue-%d
            maxReplicas: 6
            worker: {maxConcurrentTasks: 1}
            scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 0}}}
          """
          .formatted(number, namespace, number);
    }
  }
}
