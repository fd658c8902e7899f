package io.tensorfleet.worker;

import io.tensorfleet.worker.core.Target;
import io.tensorfleet.worker.log.LogSetup;
import io.tensorfleet.worker.profile.Pprof;
import io.tensorfleet.worker.server.GrpcEndpoints;
import io.tensorfleet.worker.server.HttpEndpoints;
import io.tensorfleet.worker.server.Pages;
import io.tensorfleet.worker.session.Exit;
import io.tensorfleet.worker.session.GrpcConnector;
import io.tensorfleet.worker.telemetry.HealthReport;
import io.tensorfleet.worker.tls.TlsSides;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running worker: workshop, session and servers, wired together. */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final Opened opened;
  private final SessionThread session;
  private final HttpEndpoints http;
  private final GrpcEndpoints grpc;

  private Worker(WorkerConfig config, Opened opened) {
    this.opened = opened;
    Workshop shop = Workshop.open(config, opened, this::giveWay);
    TlsSides tls = new TlsSides(config.tls().client(), config.tls().server(), Workshop.WALL);
    opened.keep(tls::close);
    session = new SessionThread(config, shop, connector(config, tls));
    opened.keep(session::close);
    Supplier<HealthReport> health = shop.health(config.identity().workerId());
    http = http(config, shop, health);
    grpc =
        new GrpcEndpoints(
            address(config, config.network().workerPort()),
            new GrpcEndpoints.OldWireParts(
                session.session(), shop.runner(), config.work().taskTimeout(), health),
            tls.server());
    opened.keep(grpc::close);
    shop.facts().whenDraining(grpc::drain);
  }

  private GrpcConnector connector(WorkerConfig config, TlsSides tls) {
    GrpcConnector connector =
        GrpcConnector.to(
            config.network().orchestratorAddress(), tls.client(), config.tls().serverName());
    opened.keep(connector::close);
    return connector;
  }

  private HttpEndpoints http(WorkerConfig config, Workshop shop, Supplier<HealthReport> health) {
    Pprof profiles = new Pprof(config.network().profiles(), shop.spans());
    Pages pages = new Pages(health, shop.metrics(), profiles, LogSetup.level());
    HttpEndpoints endpoints =
        new HttpEndpoints(address(config, config.network().metricsPort()), pages.all());
    opened.keep(endpoints::close);
    return endpoints;
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
    worker.session.begin(); // the ports are its own now: a worker that cannot stay takes no task
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
    session.session().drainOnce(new Exit(1, why));
  }

  private static InetSocketAddress address(WorkerConfig config, int port) {
    return new InetSocketAddress(config.network().bindAddress(), port);
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
    session.session().drain(cause);
  }

  /** Comes when the worker has left, or must. */
  public CompletableFuture<Exit> exit() {
    return session.session().exit();
  }

  @Override
  public void close() {
    opened.close();
  }
}
