package io.tensorfleet.worker;

import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.worker.session.Facts;
import io.tensorfleet.worker.session.GrpcConnector;
import io.tensorfleet.worker.session.Session;
import io.tensorfleet.worker.session.SessionParts;
import io.tensorfleet.worker.telemetry.MachineReader;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session and the one thread that it happens on. */
final class SessionThread {
  private static final Logger LOG = LoggerFactory.getLogger(SessionThread.class);
  private static final long TICK_MILLIS = 50;

  private final ScheduledExecutorService loop =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("session").factory());
  private final Facts facts;
  private final Session session;

  /** A session that has not begun; its connection is made ready meanwhile. */
  SessionThread(WorkerConfig config, Workshop shop, GrpcConnector connector) {
    facts = shop.facts();
    session =
        new Session(
            new SessionParts(
                settings(config, shop.machine()),
                shop.slots(),
                shop.runner(),
                connector,
                facts,
                new SessionParts.Ground(
                    System::nanoTime,
                    Workshop.WALL,
                    () -> ThreadLocalRandom.current().nextDouble(),
                    shop.machine(),
                    loop)));
    loop.execute(connector::connect);
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
            .setVersion(Help.implementationVersion())
            .build();
    return new SessionParts.Settings(
        hello,
        config.work().heartbeatInterval(),
        config.work().taskTimeout(),
        config.work().drainTimeout(),
        config.work().handBackAfter());
  }

  Session session() {
    return session;
  }

  /** Looks for an orchestrator from here on. */
  void begin() {
    var _ = loop.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    try {
      session.tick();
      facts.cameRound(System.nanoTime());
    } catch (RuntimeException failure) {
      LOG.error("the session stumbled and goes on", failure);
    }
  }

  void close() {
    loop.shutdownNow();
  }
}
