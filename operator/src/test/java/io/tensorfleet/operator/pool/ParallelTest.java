package io.tensorfleet.operator.pool;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParallelTest {
  private static final List<Integer> THOUSAND = IntStream.range(0, 1_000).boxed().toList();

  private final Parallel parallel = new Parallel();
  private final AtomicInteger begun = new AtomicInteger();

  @AfterEach
  void stop() {
    parallel.close();
  }

  @Test
  void resultsComeInTheOrderOfTheItems() {
    assertThat(parallel.map(THOUSAND, n -> n + 1))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 1_000).boxed().toList());
  }

  @Test
  void afterABadResultNothingBegins() {
    List<Integer> results =
        parallel.ramp(
            THOUSAND,
            n -> {
              begun.incrementAndGet();
              return n;
            },
            n -> n < 100);

    assertThat(results).hasSizeBetween(101, 164).hasSize(begun.get());
  }

  @Test
  void aFailureEndsTheRampAsWell() {
    var failed = new AtomicInteger();
    try {
      parallel.map(
          THOUSAND,
          _ -> {
            begun.incrementAndGet();
            throw new IllegalArgumentException("broken");
          });
    } catch (IllegalStateException e) {
      failed.incrementAndGet();
    }

    assertThat(failed).hasValue(1);
    assertThat(begun.get()).isLessThanOrEqualTo(8);
  }

  @Test
  void eachGoodResultLetsOneMoreBegin() throws Throwable {
    var first = new CountDownLatch(1);
    var rest = new CountDownLatch(1);
    Thread running =
        Thread.ofVirtual()
            .start(
                () ->
                    parallel.map(
                        THOUSAND,
                        n -> {
                          begun.incrementAndGet();
                          await(n < 8 ? first : rest);
                          return n;
                        }));
    eventually(() -> assertThat(begun).hasValue(8));

    first.countDown();
    eventually(() -> assertThat(begun).as("8 done, 16 under way").hasValue(24));

    rest.countDown();
    running.join();
    assertThat(begun).hasValue(1_000);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
