package io.tensorfleet.orchestrator;

import io.grpc.Status;
import io.tensorfleet.orchestrator.dispatch.Aftermath;
import io.tensorfleet.orchestrator.dispatch.Dispatcher;
import io.tensorfleet.orchestrator.dispatch.Sweeper;
import io.tensorfleet.orchestrator.grpc.Answers;
import io.tensorfleet.orchestrator.grpc.GrpcServer;
import io.tensorfleet.orchestrator.grpc.JobDesk;
import io.tensorfleet.orchestrator.grpc.JobEndpoint;
import io.tensorfleet.orchestrator.grpc.LogStreams;
import io.tensorfleet.orchestrator.grpc.OldEndpoint;
import io.tensorfleet.orchestrator.grpc.OldTasks;
import io.tensorfleet.orchestrator.grpc.QueueEndpoint;
import io.tensorfleet.orchestrator.grpc.ScalerEndpoint;
import io.tensorfleet.orchestrator.http.HttpEndpoint;
import io.tensorfleet.orchestrator.http.Meters;
import io.tensorfleet.orchestrator.session.Doorkeeper;
import io.tensorfleet.orchestrator.session.Intake;
import io.tensorfleet.orchestrator.session.OldWorkers;
import io.tensorfleet.orchestrator.session.Registry;
import io.tensorfleet.orchestrator.session.WorkEndpoint;
import io.tensorfleet.orchestrator.store.Database;
import io.tensorfleet.orchestrator.store.Signal;
import io.tensorfleet.orchestrator.store.SignalListener;
import io.tensorfleet.orchestrator.watch.ChangeHub;
import io.tensorfleet.orchestrator.watch.Watches;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A running orchestrator: the queue behind gRPC and HTTP. Any number of them may serve one
 * database.
 */
public final class Orchestrator implements AutoCloseable {
  private final Database database;
  private final Registry registry = new Registry();
  private final Meters meters = new Meters();
  private final ExecutorService blocking =
      Executors.newFixedThreadPool(6, Thread.ofPlatform().daemon().name("call-", 0).factory());
  private final ScheduledExecutorService sweeping = scheduler("sweeper");
  private final ScheduledExecutorService watching = scheduler("watches");
  private final Dispatcher dispatcher;
  private final Intake intake;
  private final SignalListener signals;
  private final ScalerEndpoint scaler;
  private final GrpcServer grpc;
  private final HttpEndpoint http;

  private Orchestrator(OrchestratorConfig config, Database database) {
    this.database = database;
    Stores stores = Stores.of(config, database);
    dispatcher = new Dispatcher(registry, stores.claims());
    ChangeHub hub = new ChangeHub(database, watching, no -> stores.tasks().job(no).queue());
    Watches watches =
        new Watches(
            watching,
            InstantSource.system(),
            new Watches.Readers(stores.snapshots()::read, stores.jobReads()::job));
    hub.listen(watches::changed);
    Aftermath aftermath =
        new Aftermath(
            new Aftermath.Stores(stores.jobEnds(), stores.sweeps()), hub, dispatcher::wake, meters);
    intake =
        new Intake(
            new Intake.Stores(stores.results(), stores.leases(), stores.workers()), aftermath);
    Sweeper sweeper =
        new Sweeper(
            new Sweeper.Stores(
                database, stores.sweeps(), stores.jobEnds(), stores.workers(), stores.tasks()::job),
            registry,
            aftermath,
            dispatcher::wake);
    Doorkeeper doorkeeper =
        new Doorkeeper(
            new Doorkeeper.Books(stores.workers(), stores.heldLeases()),
            registry,
            aftermath,
            hub,
            new Doorkeeper.Terms(
                config.orchestratorId(), config.lease(), config.heartbeatInterval()));
    Answers answers = new Answers(blocking);
    JobDesk desk =
        new JobDesk(
            new JobDesk.Stores(stores.jobs(), stores.jobReads(), stores.jobEnds(), stores.tasks()),
            hub,
            dispatcher::wake,
            meters);
    scaler = new ScalerEndpoint(watches);
    grpc =
        GrpcServer.start(
            socket(config.grpcAddress()),
            List.of(
                new WorkEndpoint(doorkeeper, intake, dispatcher::wake, blocking),
                new QueueEndpoint(
                    answers,
                    watches,
                    hub,
                    new QueueEndpoint.Stores(stores.cordons(), stores.workerReads())),
                new JobEndpoint(answers, desk, watches, new LogStreams(stores.tasks(), watching)),
                scaler,
                old(config, stores, answers, desk, aftermath)));
    http =
        HttpEndpoint.start(
            socket(config.httpAddress()),
            new HttpEndpoint.Sources(
                stores.totals(), meters, database::answers, InstantSource.system()));
    signals = new SignalListener(database, signal -> hear(signal, hub, sweeper));
    dispatcher.start(hub);
    sweeper.start(sweeping);
  }

  /**
   * Connects to the database, brings its schema up to date and serves.
   *
   * @throws RuntimeException when the database does not answer or an address is taken
   */
  public static Orchestrator start(OrchestratorConfig config) {
    Database database =
        Database.open(
            config.database().url(), config.database().user(), config.database().password());
    try {
      return new Orchestrator(config, database);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private OldEndpoint old(
      OrchestratorConfig config,
      Stores stores,
      Answers answers,
      JobDesk desk,
      Aftermath aftermath) {
    OldTasks tasks =
        new OldTasks(
            new OldWorkers(
                stores.workers(),
                registry,
                claimed -> aftermath.of(stores.results().handBack(claimed.token()))),
            new OldTasks.Stores(stores.tasks(), stores.results(), aftermath),
            dispatcher::wake,
            config.heartbeatInterval());
    return new OldEndpoint(
        answers, desk, tasks, new OldEndpoint.Stores(stores.jobReads(), stores.totals()));
  }

  private void hear(Signal signal, ChangeHub hub, Sweeper sweeper) {
    switch (signal) {
      case Signal.Work() -> dispatcher.wake();
      case Signal.QueueChanged(String queue) -> {
        hub.heard(queue);
        dispatcher.wake();
      }
      case Signal.JobStopped(long jobNo) ->
          registry
              .sessions()
              .forEach(s -> s.cancelJob(jobNo, "the job was cancelled or its deadline passed"));
      case Signal.SessionChanged(long sessionNo) -> {
        if (registry.session(sessionNo).isPresent()) {
          sweeping.execute(() -> sweeper.refresh(Set.of(sessionNo)));
        }
      }
    }
  }

  public int grpcPort() {
    return grpc.port();
  }

  public int httpPort() {
    return http.port();
  }

  /**
   * Ends all streams with UNAVAILABLE, those of KEDA with OK as it wants it; leases live on, so
   * that workers can take them to another orchestrator.
   */
  @Override
  public void close() {
    grpc.leave();
    scaler.close();
    http.close();
    dispatcher.close();
    registry
        .sessions()
        .forEach(
            s ->
                s.end(
                    Status.UNAVAILABLE.withDescription(
                        "this orchestrator stops: connect to another, or again")));
    sweeping.shutdown();
    watching.shutdown();
    signals.close();
    intake.close();
    blocking.shutdown();
    grpc.close();
    awaitQuietly(blocking);
    awaitQuietly(sweeping);
    awaitQuietly(watching);
    database.close();
  }

  private static void awaitQuietly(ExecutorService executor) {
    try {
      if (!executor.awaitTermination(3, java.util.concurrent.TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static InetSocketAddress socket(Address address) {
    return new InetSocketAddress(address.host(), address.port());
  }

  private static ScheduledExecutorService scheduler(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }
}
