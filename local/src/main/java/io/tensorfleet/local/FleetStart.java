package io.tensorfleet.local;

import io.tensorfleet.local.Ending.Part;
import io.tensorfleet.local.ground.Ground;
import io.tensorfleet.local.node.LocalNode;
import io.tensorfleet.local.node.NodeOptions;
import io.tensorfleet.local.node.PodPlan;
import io.tensorfleet.operator.Operator;
import io.tensorfleet.operator.OperatorConfig;
import io.tensorfleet.orchestrator.Orchestrator;
import io.tensorfleet.orchestrator.OrchestratorConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Starts the parts of a fleet: the queue beside the ground and its node, then the operator. */
final class FleetStart {
  static final String LOOPBACK = "127.0.0.1";

  private static final Executor THREAD =
      task -> Thread.ofPlatform().name("fleet-start").start(task);

  private final FleetOptions options;
  private final FleetListener listener;
  private final Ending ending;

  FleetStart(FleetOptions options, FleetListener listener, Ending ending) {
    this.options = options;
    this.listener = listener;
    this.ending = ending;
  }

  Fleet.Started start() {
    checkWorker();
    var queue = CompletableFuture.supplyAsync(this::startQueue, THREAD);
    var ground = CompletableFuture.supplyAsync(this::startGround, THREAD);
    var node = ground.thenApply(this::startNode);
    awaitBoth(queue, node);
    startOperator(ground.join(), queue.join().grpcPort());
    return new Fleet.Started(ending, queue.join(), ground.join(), node.join());
  }

  private void checkWorker() {
    Path program = Path.of(options.worker().getLast());
    boolean isMissing =
        options.worker().contains("-jar") && !Files.isReadable(program) && !isCluster();
    if (isMissing) {
      throw new FleetException(
          "the worker's program " + program + " is not there: build it (`make build`)");
    }
  }

  /** Waits for both also when one fails, so that what the other started is known and ended. */
  private static void awaitBoth(CompletableFuture<?> one, CompletableFuture<?> other) {
    try {
      CompletableFuture.allOf(one, other).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private Orchestrator startQueue() {
    var database = ending.add(Part.DATABASE, Database.start(options.home().resolve("postgresql")));
    listener.progress("PostgreSQL is up");
    var environment = new HashMap<>(options.orchestrator());
    environment.put("DATABASE_URL", database.url());
    environment.put("DATABASE_USER", database.user());
    environment.put("GRPC_ADDRESS", bindHost() + ":" + options.ports().grpc());
    environment.put("HTTP_ADDRESS", LOOPBACK + ":" + options.ports().http());
    environment.putIfAbsent("ORCHESTRATOR_ID", "local");
    var orchestrator =
        ending.add(
            Part.ORCHESTRATOR, Orchestrator.start(OrchestratorConfig.fromEnvironment(environment)));
    listener.progress("orchestrator listens on port " + orchestrator.grpcPort());
    if (isCluster()) {
      listener.progress(
          "it listens on all addresses without TLS, so that the cluster's Pods reach it: only for networks you trust");
    }
    return orchestrator;
  }

  private Ground startGround() {
    var ground = ending.add(Part.GROUND, new Grounds(options, listener).start());
    listener.progress("Kubernetes API: " + ground.config().getMasterUrl());
    return ground;
  }

  private Optional<LocalNode> startNode(Ground ground) {
    if (isCluster()) {
      return Optional.empty();
    }
    var nodeOptions =
        new NodeOptions(
            "local",
            Map.of(Fleet.WORKER_IMAGE, options.worker()),
            options.home(),
            !ground.hasScheduler(),
            !ground.isWhole(),
            PodPlan.BackOff.KUBELET);
    var node = ending.add(Part.NODE, LocalNode.start(ground.client(), nodeOptions, listener::node));
    ending.add(Part.WORKERS, () -> node.drain(options.drainLimit()));
    return Optional.of(node);
  }

  private void startOperator(Ground ground, int grpcPort) {
    var environment =
        Map.of(
            "ORCHESTRATOR_ADDRESS",
            LOOPBACK + ":" + grpcPort,
            "WORKER_ORCHESTRATOR_ADDRESS",
            advertisedHost() + ":" + grpcPort,
            "METRICS_PORT",
            "0",
            "LEADER_ELECTION",
            "false",
            "OPERATOR_ID",
            "local",
            "API_MODE",
            ground.isWhole() ? "exact" : "plain");
    ending.add(
        Part.OPERATOR,
        Operator.start(OperatorConfig.fromEnvironment(environment), ground.client()));
    listener.progress("operator works");
  }

  private boolean isCluster() {
    return options.ground() == FleetOptions.GroundChoice.CLUSTER;
  }

  private String bindHost() {
    return isCluster() ? "0.0.0.0" : LOOPBACK;
  }

  /** Where workers reach the orchestrator: on a cluster's nodes loopback would be their own. */
  private String advertisedHost() {
    if (!isCluster()) {
      return LOOPBACK;
    }
    try {
      return InetAddress.getLocalHost().getHostAddress();
    } catch (UnknownHostException e) {
      throw new FleetException("this machine's own address is not known: " + e.getMessage(), e);
    }
  }
}
