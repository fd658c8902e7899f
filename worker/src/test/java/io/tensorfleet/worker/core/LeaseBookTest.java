package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.ReturnedLease;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseBookTest {
  private static final long SECOND = 1_000_000_000L;
  private final LeaseBook book = new LeaseBook();

  private static LeaseToken token(String task, long fence) {
    return LeaseToken.newBuilder().setTaskId(task).setAttempt(1).setFence(fence).build();
  }

  private static Lease lease(String task, long fence) {
    return Lease.newBuilder()
        .setToken(token(task, fence))
        .setLength(Duration.newBuilder().setSeconds(10))
        .build();
  }

  private static Result result(String task, long fence) {
    return Result.newBuilder().setToken(token(task, fence)).build();
  }

  @Test
  void aLeaseRunsOutUnlessItIsRenewed() {
    book.started(lease("a", 1), 0);
    book.started(lease("b", 1), 0);
    book.renewed(List.of(token("a", 1)), 5 * SECOND);
    assertThat(book.expired(10 * SECOND - 1)).isEmpty();
    assertThat(book.expired(10 * SECOND)).containsExactly(token("b", 1));
    assertThat(book.expired(15 * SECOND)).containsExactly(token("a", 1));
    assertThat(book.held()).isEmpty();
  }

  @Test
  void aResultIsKeptAndHeldUntilItsVerdict() {
    book.started(lease("a", 1), 0);
    assertThat(book.ended(result("a", 1))).isTrue();
    assertThat(book.takeDue(1, 5 * SECOND).results()).containsExactly(result("a", 1));
    assertThat(book.takeDue(2, 5 * SECOND).isEmpty()).isTrue();
    assertThat(book.held()).containsExactly(token("a", 1));
    assertThat(book.expired(100 * SECOND)).isEmpty();
    assertThat(book.takeDue(6 * SECOND, 5 * SECOND).results()).hasSize(1);
    assertThat(book.settled(token("a", 1))).isTrue();
    assertThat(book.size()).isZero();
    assertThat(book.unacknowledged()).isZero();
  }

  @Test
  void aNewSessionDropsWhatWasNotKeptAndSendsResultsAgain() {
    book.started(lease("kept", 1), 0);
    book.started(lease("dropped", 1), 0);
    book.started(lease("done", 1), 0);
    book.ended(result("done", 1));
    book.takeDue(1, 5 * SECOND);
    assertThat(book.welcomed(List.of(token("kept", 1)), 3 * SECOND))
        .containsExactly(token("dropped", 1));
    assertThat(book.takeDue(3 * SECOND, 5 * SECOND).results()).containsExactly(result("done", 1));
    assertThat(book.expired(12 * SECOND)).isEmpty();
    assertThat(book.expired(13 * SECOND)).containsExactly(token("kept", 1));
  }

  @Test
  void aResultOfALostLeaseIsNotSent() {
    book.started(lease("a", 1), 0);
    assertThat(book.lost(token("a", 1))).isTrue();
    assertThat(book.lost(token("a", 1))).isFalse();
    assertThat(book.ended(result("a", 1))).isFalse();
    assertThat(book.takeDue(1, SECOND).isEmpty()).isTrue();
  }

  @Test
  void anOlderFenceNeitherReplacesNorEndsANewerOne() {
    book.started(lease("a", 2), 0);
    assertThat(book.supersedes(token("a", 1))).isTrue();
    assertThat(book.supersedes(token("a", 2))).isTrue();
    assertThat(book.supersedes(token("a", 3))).isFalse();
    assertThat(book.ended(result("a", 1))).isFalse();
    assertThat(book.settled(token("a", 1))).isFalse();
    assertThat(book.running()).containsExactly(token("a", 2));
  }

  @Test
  void aVerdictDoesNotEndWhatStillRuns() {
    book.started(lease("a", 1), 0);
    assertThat(book.settled(token("a", 1))).isFalse();
    assertThat(book.running()).hasSize(1);
  }

  @Test
  void aReturnIsOwedUntilItsVerdict() {
    book.started(lease("a", 1), 0);
    ReturnedLease back = ReturnedLease.newBuilder().setToken(token("a", 1)).build();
    assertThat(book.handedBack(back)).isTrue();
    assertThat(book.takeDue(1, SECOND).returns()).containsExactly(back);
    assertThat(book.unacknowledged()).isEqualTo(1);
    assertThat(book.settled(token("a", 1))).isTrue();
    assertThat(book.unacknowledged()).isZero();
  }
}
