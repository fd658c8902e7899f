package io.tensorfleet.e2e.drill;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.e2e.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The operator is killed again and again in the middle of what it does, while several pools grow
 * and shrink. In the end there must be exactly what is wanted.
 */
final class OperatorCrashDrill implements Drill {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration STAYS = Duration.ofSeconds(4);
  private static final int LONGEST_BURST = 40;
  private static final long LATEST_FIRST_MILLIS = 10_000;
  private static final long LONGEST_WAIT_MILLIS = 1_500;

  @Override
  public String missing() {
    return Cluster.missing();
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) {
    int kills = sizes.get("ROUNDS", 50);
    var show = new Show(ground, sizes);
    for (int i = 0; i < kills; i++) {
      show.round();
    }
    show.settle();
    show.end();
    return new OperatorCrashChecker(kills).check(show.history.events());
  }

  /** The drill's parts, and its acts. */
  private static final class Show {
    private final Ground ground;
    private final Cluster cluster;
    private final History history = new History();
    private final Instant begin = Instant.now();
    private final Random random = new Random(2);
    private final String namespace;
    private final Swing swing;

    Show(Ground ground, Sizes sizes) {
      this.ground = ground;
      this.cluster = ground.cluster();
      this.namespace = cluster.namespace("crash");
      var size = new Swing.Size(sizes.get("POOLS", 4), sizes.get("PODS", 25));
      this.swing = new Swing(cluster, namespace, history, size);
    }

    private OperatorProcess operator() {
      return OperatorProcess.start(ground, cluster, namespace, swing.stage().address());
    }

    /** One life of an operator: it is killed after so many Pods have come or gone. */
    void round() {
      swing.stir();
      var operator = operator();
      swing.stir();
      int burst = changes() + 1 + random.nextInt(1 + random.nextInt(LONGEST_BURST));
      awaitChanges(changes() + 1, LATEST_FIRST_MILLIS);
      awaitChanges(burst, LONGEST_WAIT_MILLIS);
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(20_000)));
      operator.kill();
      note(OperatorCrashChecker.KILLED, operator.id(), swing.settled() ? 1 : 0);
    }

    private void awaitChanges(int wanted, long limitMillis) {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
      while (changes() < wanted && System.nanoTime() - end < 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }

    private int changes() {
      return history.all(Event.PodMade.class).size() + history.all(Event.PodLeaving.class).size();
    }

    /** A last operator lives; what is there when all is quiet counts. */
    void settle() {
      swing.stir();
      swing.want(swing.pools().getFirst(), 0);
      swing.want(swing.pools().getLast(), 3);
      var operator = operator();
      Duration from = history.now();
      try {
        await("every pool to have what is wanted", swing::settled);
      } catch (AssertionError late) {
        System.err.println(late.getMessage());
      }
      note(OperatorCrashChecker.SETTLED_MS, "", history.now().minus(from).toMillis());
      LockSupport.parkNanos(STAYS.toNanos());
      swing.noteEnd();
      operator.kill();
    }

    /** Half of the pools are deleted while there is no operator; the others are wanted no more. */
    void end() {
      var pools = swing.pools();
      cluster.audit().tell(history, begin);
      note(OperatorCrashChecker.ENDED, "", 0);
      swing.wantNothing();
      pools.stream().limit(pools.size() / 2).forEach(this::delete);
      operator();
      try {
        await("no Pod to be left", () -> swing.pods().isEmpty());
      } catch (AssertionError late) {
        System.err.println(late.getMessage());
      }
      note(OperatorCrashChecker.ORPHANED, "", swing.pods().size());
    }

    private void delete(String pool) {
      cluster.client().resources(WorkerPool.class).inNamespace(namespace).withName(pool).delete();
    }

    private static void await(String what, java.util.function.BooleanSupplier holds) {
      var _ =
          Await.value(
              LIMIT,
              what,
              () -> holds.getAsBoolean() ? Optional.of(Boolean.TRUE) : Optional.empty());
    }

    private void note(String what, String subject, long value) {
      history.add(new Event.Noted(history.now(), what, subject, value));
    }
  }
}
