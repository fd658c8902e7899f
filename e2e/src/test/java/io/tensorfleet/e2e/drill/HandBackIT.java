package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that has run for as long as it may on a worker goes on elsewhere, and ends once. */
class HandBackIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Map<String, String> QUEUE =
      Map.of("HEARTBEAT_INTERVAL", "1s", "LEASE", "6s");
  private static final Map<String, String> WORKER =
      Map.of("MAX_CONCURRENT_TASKS", "1", "HAND_BACK_AFTER", "2s");
  private static final int EPOCHS = 30;

  @TempDir private Path folder;

  @Test
  void itsWorkIsSharedByTwoWorkersNoEpochIsTrainedTwiceAndNoTryIsCounted() {
    try (var ground = Ground.open(folder)) {
      var scene = new Scene(ground, ground.queue(QUEUE), new History());
      scene.worker("one", WORKER);
      scene.worker("other", WORKER);
      scene.queue().submit(scene.history(), Tasks.onlyTry(Tasks.lasting(EPOCHS, 200)), 1);
      scene.queue().awaitEnds(scene.history(), LIMIT);

      List<Event> events = scene.history().events();
      var leases = History.of(events, Event.Leased.class).toList();
      var returns = History.of(events, Event.Returned.class).toList();
      assertThat(TaskView.lost(events)).isZero();
      assertThat(returns).isNotEmpty().allMatch(Event.Returned::checkpoint);
      assertThat(leases).hasSize(returns.size() + 1);
      assertThat(leases.stream().map(Event.Leased::worker).distinct()).hasSize(2);
      assertThat(leases.stream().skip(1).map(Event.Leased::resumeEpoch))
          .isEqualTo(returns.stream().map(Event.Returned::epochsDone).toList());
      assertThat(History.of(events, Event.Progressed.class).map(Event.Progressed::epochsDone))
          .isSorted();
    }
  }
}
