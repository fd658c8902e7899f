package io.tensorfleet.worker;

import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.worker.core.Target;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.engine.Strays;
import io.tensorfleet.worker.log.LogSetup;
import io.tensorfleet.worker.profile.Pprof;
import io.tensorfleet.worker.profile.TaskSpans;
import io.tensorfleet.worker.server.GrpcEndpoints;
import io.tensorfleet.worker.server.HttpEndpoints;
import io.tensorfleet.worker.server.Pages;
import io.tensorfleet.worker.session.Exit;
import io.tensorfleet.worker.session.Facts;
import io.tensorfleet.worker.session.GrpcConnector;
import io.tensorfleet.worker.session.Session;
import io.tensorfleet.worker.session.SessionParts;
import io.tensorfleet.worker.telemetry.HealthReport;
import io.tensorfleet.worker.telemetry.MachineReader;
import io.tensorfleet.worker.telemetry.WorkerMetrics;
import io.tensorfleet.worker.tls.TlsSides;
import io.tensorfleet.worker.trainer.SimulationTrainer;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running worker: servers, engine and session, wired together. */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final long TICK_MILLIS = 50;

  private final ScheduledExecutorService loop;
  private final Opened opened;
  private final Session session;
  private final Facts facts;
  private final HttpEndpoints http;
  private final GrpcEndpoints grpc;

  private Worker(WorkerConfig config, Opened opened) {
    this.opened = opened;
    InstantSource wall = InstantSource.system();
    MachineReader machine = new MachineReader(config.machine());
    opened.keep(machine::close);
    Slots slots = new Slots(config.work().maxConcurrentTasks());
    facts = new Facts(wall.instant());
    WorkerMetrics metrics = new WorkerMetrics(facts, slots, machine, config.series());
    metrics.watch(machine.capacity());
    Strays strays = new Strays(Strays.GRACE, slots.size(), this::giveWay);
    metrics.watch(strays);
    TaskSpans spans = new TaskSpans(wall);
    Runner runner =
        new Runner(
            spans.noting(
                new SimulationTrainer(
                    config.simulation(), Thread::sleep, () -> Runtime.getRuntime().halt(70))),
            wall,
            List.of(facts, metrics),
            strays);
    opened.keep(runner::close);
    TlsSides tls = new TlsSides(config.tls().client(), config.tls().server(), wall);
    opened.keep(tls::close);
    GrpcConnector connector =
        GrpcConnector.to(
            config.network().orchestratorAddress(), tls.client(), config.tls().serverName());
    opened.keep(connector::close);
    loop =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("session").factory());
    opened.keep(loop::shutdownNow);
    session =
        new Session(
            new SessionParts(
                settings(config, machine),
                slots,
                runner,
                connector,
                facts,
                new SessionParts.Ground(
                    System::nanoTime,
                    wall,
                    () -> ThreadLocalRandom.current().nextDouble(),
                    machine,
                    loop)));
    Supplier<HealthReport> health =
        () -> new HealthReport(config.identity().workerId(), facts, machine.get(), wall.instant());
    http =
        new HttpEndpoints(
            address(config, config.network().metricsPort()),
            new Pages(
                    health,
                    metrics,
                    new Pprof(config.network().profiles(), spans),
                    LogSetup.level())
                .all());
    opened.keep(http::close);
    grpc =
        new GrpcEndpoints(
            address(config, config.network().workerPort()),
            new GrpcEndpoints.OldWireParts(session, runner, config.work().taskTimeout(), health),
            tls.server());
    opened.keep(grpc::close);
    facts.whenDraining(grpc::drain);
  }

  /** Listens and begins to look for its orchestrator. Throws a sentence where a port is taken. */
  public static Worker start(WorkerConfig config) {
    Worker worker = open(config);
    LOG.info(
        "worker {} listens on {}: HTTP {}, gRPC {}; orchestrator {}; {} slots",
        config.identity().workerId(),
        config.network().bindAddress(),
        worker.httpPort(),
        worker.grpcPort(),
        config.network().orchestratorAddress(),
        config.work().maxConcurrentTasks());
    if (config.tls().client().isEmpty()
        && !Target.isLoopback(config.network().orchestratorAddress())) {
      LOG.warn(
          "the connection to the orchestrator is plaintext: whoever is on its way can read and change it; TLS_CA_FILE turns TLS on");
    }
    var _ = worker.loop.scheduleWithFixedDelay(worker::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return worker;
  }

  private static Worker open(WorkerConfig config) {
    Opened opened = new Opened();
    try {
      return new Worker(config, opened);
    } catch (RuntimeException failure) {
      opened.close();
      throw failure;
    }
  }

  /** A worker full of trainers that cannot be ended is of no use; a fresh process is. */
  private void giveWay(String why) {
    LOG.error("{}: the worker leaves, so that a fresh one can take its place", why);
    session.drainOnce(new Exit(1, why));
  }

  private void tick() {
    try {
      session.tick();
      facts.cameRound(System.nanoTime());
    } catch (RuntimeException failure) {
      LOG.error("the session stumbled and goes on", failure);
    }
  }

  private static InetSocketAddress address(WorkerConfig config, int port) {
    return new InetSocketAddress(config.network().bindAddress(), port);
  }

  private static SessionParts.Settings settings(WorkerConfig config, MachineReader machine) {
    Hello hello =
        Hello.newBuilder()
            .setWorkerId(config.identity().workerId())
            .setIncarnation(Names.incarnation())
            .setCapabilities(machine.capabilities())
            .putAllLabels(config.identity().labels())
            .addAllQueues(config.identity().queues())
            .setSlots(config.work().maxConcurrentTasks())
            .setVersion(
                Optional.ofNullable(Worker.class.getPackage().getImplementationVersion())
                    .orElse("dev"))
            .build();
    return new SessionParts.Settings(
        hello,
        config.work().heartbeatInterval(),
        config.work().taskTimeout(),
        config.work().drainTimeout());
  }

  public int httpPort() {
    return http.port();
  }

  public int grpcPort() {
    return grpc.port();
  }

  /** Finishes what runs and leaves; a second call hands back what still runs. */
  public void drain(Exit cause) {
    LOG.info("draining: {}", cause.sentence());
    session.drain(cause);
  }

  /** Comes when the worker has left, or must. */
  public CompletableFuture<Exit> exit() {
    return session.exit();
  }

  @Override
  public void close() {
    opened.close();
  }
}
