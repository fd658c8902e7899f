package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PollBookTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final PollBook book = new PollBook();

  private PollBook.Held take(String task) {
    return book.take("job", task).orElseThrow();
  }

  private static TaskCompletionRequest completion(PollBook.Held held, boolean success) {
    return TaskCompletionRequest.newBuilder()
        .setTaskId(held.taskId())
        .setJobId(held.jobId())
        .setSuccess(success)
        .build();
  }

  @Test
  void aTaskInHandIsNotTakenTwiceButAnotherJobsIs() {
    take("a");
    assertThat(book.take("job", "a")).isEmpty();
    assertThat(book.take("other", "a")).isPresent();
    assertThat(book.jobs()).containsExactly("job", "other");
  }

  @Test
  void aSuccessThatIsOwedKeepsTheTaskFromRunningAgain() {
    PollBook.Held held = take("a");
    book.ended(held, completion(held, true), 0);
    assertThat(book.take("job", "a")).isEmpty();
    assertThat(book.unacknowledged()).isEqualTo(1);
  }

  @Test
  void theAnswerToAnEarlierHandingOutDoesNotSettleTheNext() {
    PollBook.Held first = take("a");
    book.ended(first, completion(first, false), 0);
    PollBook.Report late = book.takeDue(0, 9).getFirst();
    PollBook.Held second = take("a");
    book.acknowledged(late);
    assertThat(book.runs(second)).isTrue();
    assertThat(book.runs(first)).isFalse();
    assertThat(book.ended(first, completion(first, true), 0)).isFalse();
    book.ended(second, completion(second, true), 0);
    book.acknowledged(late);
    assertThat(book.unacknowledged()).isEqualTo(1);
  }

  @Test
  void aCompletionIsOnItsWayOnceAndComesAgainAfterABackOff() {
    PollBook.Held held = take("a");
    book.ended(held, completion(held, true), 0);
    PollBook.Report report = book.takeDue(0, 9).getFirst();
    assertThat(book.takeDue(99 * SECOND, 9)).isEmpty();
    book.failed(report, 0, 1);
    assertThat(book.takeDue(0, 9)).isEmpty();
    assertThat(book.takeDue(SECOND, 9)).extracting(PollBook.Report::tries).containsExactly(2);
  }

  @Test
  void noMoreThanSoManyAreOnTheirWay() {
    for (String task : List.of("a", "b", "c")) {
      PollBook.Held held = take(task);
      book.ended(held, completion(held, true), 0);
    }
    List<PollBook.Report> first = book.takeDue(0, 2);
    assertThat(first).hasSize(2);
    assertThat(book.takeDue(0, 2)).isEmpty();
    book.acknowledged(first.getFirst());
    assertThat(book.takeDue(0, 2)).hasSize(1);
  }

  @Test
  void anOrchestratorThatIsThereAgainIsNotMadeToWait() {
    PollBook.Held held = take("a");
    book.ended(held, completion(held, true), 0);
    book.failed(book.takeDue(0, 9).getFirst(), 0, 1);
    book.reached(1);
    assertThat(book.takeDue(1, 9)).hasSize(1);
  }

  @Test
  void nothingIsOwedForALostTask() {
    PollBook.Held held = take("a");
    assertThat(book.lost(held)).isTrue();
    assertThat(book.ended(held, completion(held, true), 0)).isFalse();
    assertThat(book.size()).isZero();
    assertThat(book.lost(held)).isFalse();
  }

  @Test
  void whatIsOwedIsNotLostByALateWord() {
    PollBook.Held held = take("a");
    book.ended(held, completion(held, true), 0);
    assertThat(book.lost(held)).isFalse();
    assertThat(book.unacknowledged()).isEqualTo(1);
  }

  @Test
  void slotsThatFailedWaitAndOthersDoNot() {
    AskBook asks = new AskBook(Duration.ofSeconds(5));
    assertThat(asks.due(3, 0)).isEqualTo(3);
    asks.pause(0);
    asks.pause(SECOND);
    assertThat(asks.due(3, SECOND)).isEqualTo(1);
    assertThat(asks.due(1, SECOND)).isZero();
    assertThat(asks.due(3, 5 * SECOND)).isEqualTo(2);
    assertThat(asks.due(3, 6 * SECOND)).isEqualTo(3);
  }

  @Test
  void aJobsTurnComesOnceItsCallIsBackAndForgottenJobsLeaveNothing() {
    JobTurns turns = new JobTurns(Duration.ofSeconds(1));
    assertThat(turns.take(Set.of("a"), 0)).containsExactly("a");
    assertThat(turns.take(Set.of("a"), 9 * SECOND)).isEmpty();
    turns.back("a");
    assertThat(turns.take(Set.of("a"), 9 * SECOND)).containsExactly("a");
    turns.back("a");
    assertThat(turns.take(Set.of("a"), 9 * SECOND + 1)).isEmpty();
    assertThat(turns.take(Set.of(), 10 * SECOND)).isEmpty();
    assertThat(turns.size()).isZero();
  }
}
