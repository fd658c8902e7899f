package io.tensorfleet.operator.limit;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.operator.PoolKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private static final PoolKey POOL = new PoolKey("default", "demo");
  private static final PoolKey OTHER = new PoolKey("default", "other");

  /** Each look at the clock finds it a minute later, so that no pause lasts. */
  private final AtomicLong clock = new AtomicLong();

  private final Throttle throttle =
      new Throttle(
          new ApiLimits(1_000, 1_000, 1), () -> clock.addAndGet(TimeUnit.MINUTES.toNanos(1)));
  private final AtomicInteger calls = new AtomicInteger();

  @AfterEach
  void stop() {
    throttle.close();
  }

  @Test
  void whatTheApiServerHadNoTimeForIsSentAgain() {
    String answer =
        throttle.call(
            POOL,
            () -> {
              if (calls.incrementAndGet() < 4) {
                throw failure(429);
              }
              return "made";
            });

    assertThat(answer).isEqualTo("made");
    assertThat(calls).hasValue(4);
  }

  @Test
  void itIsNotSentAgainForever() {
    assertThatThrownBy(() -> throttle.call(POOL, () -> failing(429)))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(calls).hasValue(6);
  }

  @Test
  void aRefusalIsAnAnswer() {
    assertThatThrownBy(() -> throttle.call(POOL, () -> failing(403)))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(calls).hasValue(1);
    assertThat(throttle.call(POOL, () -> "next")).isEqualTo("next");
  }

  @Test
  void whatMayHaveBeenDoneIsNotSentAgainHere() {
    assertThatThrownBy(() -> throttle.call(POOL, () -> failing(503)))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(calls).hasValue(1);
  }

  @Test
  void aPlaceIsFreeAgainAfterAnyFailure() {
    assertThatThrownBy(
            () ->
                throttle.run(
                    POOL,
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(throttle.call(OTHER, () -> "next")).isEqualTo("next");
  }

  @Test
  void whoWaitsAtTheEndIsToldSo() throws Throwable {
    var inside = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    var first = started(() -> throttle.run(POOL, () -> stay(inside, done)));
    inside.await();
    var second = started(() -> throttle.run(OTHER, calls::incrementAndGet));
    eventually(() -> assertThat(throttle.waiting()).isEqualTo(1));

    throttle.close();

    assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("the operator stops and writes no more");
    done.countDown();
    first.get(10, TimeUnit.SECONDS);
    assertThat(calls).hasValue(0);
    assertThatThrownBy(() -> throttle.run(POOL, calls::incrementAndGet))
        .isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void whoIsInterruptedLeavesTheLine() throws Throwable {
    var inside = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    var first = started(() -> throttle.run(POOL, () -> stay(inside, done)));
    inside.await();
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () ->
                    assertThatThrownBy(() -> throttle.run(POOL, calls::incrementAndGet))
                        .isInstanceOf(KubernetesClientException.class));
    eventually(() -> assertThat(throttle.waiting()).isEqualTo(1));

    waiting.interrupt();

    waiting.join();
    done.countDown();
    first.get(10, TimeUnit.SECONDS);
    assertThat(throttle.waiting()).isZero();
    assertThat(throttle.call(POOL, () -> "next")).isEqualTo("next");
    assertThat(calls).hasValue(0);
  }

  private String failing(int code) {
    calls.incrementAndGet();
    throw failure(code);
  }

  private static KubernetesClientException failure(int code) {
    return new KubernetesClientException(
        "no", code, new StatusBuilder().withCode(code).withMessage("no").build());
  }

  private static CompletableFuture<Void> started(Runnable work) {
    return CompletableFuture.runAsync(work, command -> Thread.ofVirtual().start(command));
  }

  private static void stay(CountDownLatch inside, CountDownLatch done) {
    inside.countDown();
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
