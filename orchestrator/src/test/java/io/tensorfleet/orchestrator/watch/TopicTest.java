package io.tensorfleet.orchestrator.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.orchestrator.store.DatabaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How often a topic reads its thing: here a number that grows with each reading. */
class TopicTest {
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();
  private final Topic<Integer> topic = new Topic<>(executor, new Counted(), nanos::get);

  private final class Counted implements Topic.Source<Integer> {
    @Override
    public Integer read() {
      return reads.incrementAndGet();
    }

    @Override
    public boolean same(Integer a, Integer b) {
      return a.equals(b);
    }
  }

  private record Noting(List<Integer> seen, boolean more) implements Topic.Subscriber<Integer> {
    @Override
    public boolean take(Integer state) {
      seen.add(state);
      return more;
    }

    @Override
    public void fail(DatabaseException away) {
      seen.add(-1);
    }
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private List<Integer> ask() throws Exception {
    List<Integer> seen = new ArrayList<>();
    topic.ask(new Noting(seen, false));
    settle();
    return seen;
  }

  private List<Integer> watch() throws Exception {
    List<Integer> seen = new ArrayList<>();
    topic.subscribe(new Noting(seen, true));
    settle();
    return seen;
  }

  private void settle() throws Exception {
    var _ = executor.submit(() -> reads.get()).get(30, TimeUnit.SECONDS);
  }

  @Test
  void eachQuestionIsAnsweredOnce() throws Exception {
    assertThat(ask()).containsExactly(1);
    assertThat(topic.watched()).isFalse();
  }

  @Test
  void questionsInARowShareOneReading() throws Exception {
    ask();
    nanos.addAndGet(Duration.ofMillis(99).toNanos());
    assertThat(ask()).containsExactly(1);
    nanos.addAndGet(Duration.ofMillis(1).toNanos());
    assertThat(ask()).containsExactly(2);
  }

  @Test
  void whatIsWatchedIsNotReadForAQuestion() throws Exception {
    var watcher = watch();
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());

    assertThat(ask()).containsExactly(1);
    assertThat(watcher).containsExactly(1);
  }
}
