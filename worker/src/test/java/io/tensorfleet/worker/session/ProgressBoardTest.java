package io.tensorfleet.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.ArtifactRef;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Progress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressBoardTest {
  private final ProgressBoard board = new ProgressBoard();

  private static Progress progress(String task, int epoch) {
    return Progress.newBuilder()
        .setToken(LeaseToken.newBuilder().setTaskId(task))
        .setEpochsDone(epoch)
        .build();
  }

  @Test
  void aCheckpointThatCannotBeNamedIsLeftOutAndHoldsNothingUp() {
    board.put(
        progress("broken", 1),
        Optional.of(
            () -> {
              throw new IllegalStateException("made to fail");
            }));
    board.put(progress("good", 2), Optional.empty());

    assertThat(board.takeBatch()).containsExactly(progress("broken", 1), progress("good", 2));
    assertThat(board.takeBatch()).isEmpty();
  }

  @Test
  void ofJoinedCheckpointsTheNewestAloneIsAskedForItsReference() {
    board.put(
        progress("a", 1),
        Optional.of(
            () -> {
              throw new AssertionError("the older one was asked");
            }));
    ArtifactRef newest = ArtifactRef.newBuilder().setUri("data:,2").build();
    board.put(progress("a", 2), Optional.of(() -> newest));

    assertThat(board.takeBatch())
        .containsExactly(progress("a", 2).toBuilder().setCheckpoint(newest).build());
  }
}
