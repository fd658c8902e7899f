package io.tensorfleet.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two orchestrators on one database, and workers that die: every task ends exactly once. */
class TwoOrchestratorsIT {
  private static final int TASKS = 4_000;
  private static final int SLOTS = 50;

  @Test
  void everyTaskEndsExactlyOnceWhileWorkersDie() throws InterruptedException {
    try (Fixture fixture = new Fixture(Duration.ofSeconds(3), Duration.ofMillis(300))) {
      List<Orchestrator> both = List.of(fixture.orchestrator("one"), fixture.orchestrator("two"));
      var request = Fixture.tasks("many", TASKS);
      request.getGroupsBuilder(0).getTemplateBuilder().setMaxAttempts(100);
      fixture.jobs(both.getFirst()).submit(request.build());
      Map<String, Integer> handedOut = new ConcurrentHashMap<>();
      AtomicBoolean done = new AtomicBoolean();
      List<Thread> lives = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int number = i;
        lives.add(Thread.ofPlatform().start(() -> live(both, number, handedOut, done)));
      }
      Waiting.until(
          "all " + TASKS + " end", () -> fixture.job(both.getFirst(), "many").hasFinishedAt());
      done.set(true);
      for (Thread life : lives) {
        life.join();
      }
      Job job = fixture.job(both.getLast(), "many");
      assertThat(job.getTasks().getCompleted() + job.getTasks().getFailed()).isEqualTo(TASKS);
      assertThat(job.getTasks().getCompleted()).isGreaterThan(TASKS * 9L / 10);
      assertThat(job.getTasks().getRunning() + job.getTasks().getWaiting()).isZero();
      assertThat(handedOut.values()).as("hand-outs of one fence").containsOnly(1);
      assertThat(fixture.number("SELECT count(*) FROM tasks WHERE state = 3"))
          .isEqualTo(job.getTasks().getCompleted());
      assertThat(fixture.number("SELECT sum(tasks_completed) FROM workers"))
          .isEqualTo(job.getTasks().getCompleted());
    }
  }

  /**
   * One worker after another under one name; each dies after some tasks, with others in its hands.
   */
  private static void live(
      List<Orchestrator> both, int number, Map<String, Integer> handedOut, AtomicBoolean done) {
    Random random = new Random(number);
    for (int life = 0; !done.get(); life++) {
      int span = 200 + random.nextInt(400);
      AtomicInteger finished = new AtomicInteger();
      TestWorker worker =
          TestWorker.join(
              both.get(random.nextInt(2)), TestWorker.hello("w" + number, "life" + life, SLOTS));
      worker.onLease(
          lease -> {
            handedOut.merge(
                lease.getToken().getTaskId() + "/" + lease.getToken().getFence(), 1, Integer::sum);
            finish(worker, lease, finished.incrementAndGet() < span);
          });
      worker.credit(SLOTS);
      Waiting.until("a life's end", () -> done.get() || finished.get() >= span);
      worker.die();
    }
  }

  private static void finish(TestWorker worker, Lease lease, boolean alive) {
    if (alive) {
      worker.result(lease.getToken(), Outcome.OUTCOME_COMPLETED);
      worker.credit(1);
    }
  }
}
