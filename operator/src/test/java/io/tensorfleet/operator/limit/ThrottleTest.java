package io.tensorfleet.operator.limit;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.operator.PoolKey;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
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
  void aPlaceIsFreeAgainAfterAnErrorToo() throws Exception {
    assertThatThrownBy(
            () ->
                throttle.run(
                    POOL,
                    () -> {
                      throw new StackOverflowError("too deep");
                    }))
        .isInstanceOf(StackOverflowError.class);

    started(() -> throttle.run(OTHER, calls::incrementAndGet)).get(10, TimeUnit.SECONDS);
    assertThat(calls).hasValue(1);
  }

  @Test
  void whatWasGivenUpHereSaysNothingOfTheApiServerAndWhatMetNobodyDoes() {
    try (var wide = new Throttle(ApiLimits.usual())) {
      int before = wide.places();

      failing(wide, new InterruptedException("given up"));
      failing(wide, new Unsent("may not leave"));
      assertThat(wide.places()).isEqualTo(before);

      failing(wide, new ConnectException("nobody there"));
      assertThat(wide.places()).isLessThan(before);
    }
  }

  private static void failing(Throttle throttle, Exception cause) {
    assertThatThrownBy(
            () ->
                throttle.run(
                    POOL,
                    () -> {
                      throw new KubernetesClientException("no answer", new IOException(cause));
                    }))
        .hasRootCause(cause);
  }

  /** The next one must wait for the rate, so that the end of the first one sets the timer. */
  @Test
  void aWriteThatEndsWhileTheThrottleClosesHasSucceeded() throws Throwable {
    var closing = new AtomicReference<Thread>();
    var ending = new AtomicBoolean();
    var inside = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    var limited = new AtomicReference<Throttle>();
    limited.set(
        new Throttle(
            new ApiLimits(1, 1, 1),
            () -> {
              if (ending.get() && closing.get() == null) {
                closing.set(Thread.ofPlatform().start(limited.get()::close));
                awaitBlocked(closing.get());
              }
              return 0;
            }));
    var first = started(() -> limited.get().run(POOL, () -> stay(inside, done)));
    inside.await();
    var second = started(() -> limited.get().run(OTHER, calls::incrementAndGet));
    eventually(() -> assertThat(limited.get().waiting()).isEqualTo(1));

    ending.set(true);
    done.countDown();

    first.get(10, TimeUnit.SECONDS);
    closing.get().join();
    assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS))
        .hasRootCauseMessage("the operator stops and writes no more");
  }

  /** Until it waits for a lock that is held here. */
  private static void awaitBlocked(Thread thread) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (thread.getState() != Thread.State.BLOCKED && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void itIsTroubleWhenNobodyOfThoseWhoWaitIsLetInForLong() throws Throwable {
    var inside = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    var next = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var still = new AtomicLong();
    try (var limited = new Throttle(new ApiLimits(1_000, 1_000, 1), still::get)) {
      var first = started(() -> limited.run(POOL, () -> stay(inside, done)));
      inside.await();
      still.addAndGet(TimeUnit.HOURS.toNanos(1));
      assertThat(limited.trouble()).as("nobody waits").isEmpty();

      var second = started(() -> limited.run(POOL, () -> stay(next, end)));
      eventually(() -> assertThat(limited.waiting()).isEqualTo(1));
      var third = started(() -> limited.run(OTHER, calls::incrementAndGet));
      eventually(() -> assertThat(limited.waiting()).isEqualTo(2));
      still.addAndGet(TimeUnit.MINUTES.toNanos(5) - 1);
      assertThat(limited.trouble()).isEmpty();
      still.incrementAndGet();
      assertThat(limited.trouble()).contains("2 writes wait, and none has begun for 5 minutes");
      limited.asked(Duration.ZERO);
      assertThat(limited.trouble()).as("the API server wants it so").isEmpty();

      done.countDown();
      next.await();
      assertThat(limited.waiting()).isEqualTo(1);
      assertThat(limited.trouble()).as("one was let in").isEmpty();
      end.countDown();
      CompletableFuture.allOf(first, second, third).get(10, TimeUnit.SECONDS);
    }
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
