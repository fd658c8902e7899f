package io.tensorfleet.orchestrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of a task, cause by cause. */
class TransitionsTest {
  private static final Tries FIRST_OF_FOUR = new Tries(0, 0, 4);

  private static Next after(TaskEvent event, Tries tries) {
    return Transitions.after(event, tries, Backoff.DEFAULT, new Random(1));
  }

  @Test
  void aCompletedTaskEnds() {
    assertThat(after(new TaskEvent.Completed(), FIRST_OF_FOUR).status())
        .isEqualTo(TaskStatus.COMPLETED);
  }

  @Test
  void aFailureUsesATryAndWaits() {
    Next next = after(new TaskEvent.Failed("boom"), FIRST_OF_FOUR);
    assertThat(next.status()).isEqualTo(TaskStatus.DELAYED);
    assertThat(next.tries()).isEqualTo(new Tries(1, 0, 4));
    assertThat(next.delay()).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(next.error()).isEqualTo("boom");
  }

  @Test
  void aTimeoutIsRetriedLikeAFailure() {
    assertThat(after(new TaskEvent.TimedOut("slow"), FIRST_OF_FOUR).tries().spent()).isEqualTo(1);
    assertThat(after(new TaskEvent.TimedOut("slow"), new Tries(3, 0, 4)).status())
        .isEqualTo(TaskStatus.FAILED);
  }

  @Test
  void theLastFailureIsADeadLetter() {
    assertThat(after(new TaskEvent.Failed("boom"), new Tries(3, 0, 4)).status())
        .isEqualTo(TaskStatus.FAILED);
  }

  @Test
  void whatMustNotBeRetriedIsADeadLetterAtOnce() {
    assertThat(after(new TaskEvent.NonRetryable("no"), FIRST_OF_FOUR).status())
        .isEqualTo(TaskStatus.FAILED);
  }

  @Test
  void aTaskHandedBackWaitsAtOnceAndUsesNoTry() {
    Next next = after(new TaskEvent.HandedBack("draining"), new Tries(3, 2, 4));
    assertThat(next.status()).isEqualTo(TaskStatus.WAITING);
    assertThat(next.tries()).isEqualTo(new Tries(3, 2, 4));
    assertThat(next.delay()).isZero();
  }

  @Test
  void aTaskWhoseWorkerDiedWaitsAtOnceAndUsesATry() {
    Next next = after(new TaskEvent.WorkerDied("gone"), FIRST_OF_FOUR);
    assertThat(next.status()).isEqualTo(TaskStatus.WAITING);
    assertThat(next.tries()).isEqualTo(new Tries(1, 1, 4));
  }

  @Test
  void theThirdDeathIsADeadLetterWhateverTriesAreLeft() {
    Next next = after(new TaskEvent.WorkerDied("gone"), new Tries(2, 2, 100));
    assertThat(next.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(next.error()).isEqualTo("gone; 3 workers died under this task");
  }

  @Test
  void aDeathOnTheLastTryIsADeadLetter() {
    assertThat(after(new TaskEvent.WorkerDied("gone"), new Tries(0, 0, 1)).status())
        .isEqualTo(TaskStatus.FAILED);
  }

  @Test
  void aCancelledTaskEnds() {
    assertThat(after(new TaskEvent.Cancelled("asked"), FIRST_OF_FOUR).status())
        .isEqualTo(TaskStatus.CANCELLED);
  }

  @Test
  void theBackoffDoublesUpToItsLongestAndStaysInItsUpperHalf() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      assertThat(backoff.after(1, random)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
      assertThat(backoff.after(3, random))
          .isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
      assertThat(backoff.after(60, random))
          .isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    }
  }
}
