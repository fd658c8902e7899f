package io.tensorfleet.worker.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.trainer.Trainer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskSpansTest {
  private final long thread = Thread.currentThread().threadId();
  private long second;
  private final TaskSpans spans = new TaskSpans(() -> Instant.ofEpochSecond(second));
  private final Trainer trainer =
      spans.noting(
          (_, _) -> {
            second += 10;
            return EpochMetrics.NONE;
          });

  private void run(String task) throws Exception {
    trainer.train(new TrainingTask(task, "job", TaskSpec.getDefaultInstance()), _ -> {});
  }

  private Optional<String> at(TaskSpans.Lookup lookup, long moment) {
    return lookup.at(thread, Instant.ofEpochSecond(moment)).map(TaskSpans.Span::taskId);
  }

  @Test
  void aMomentOnAThreadBelongsToTheTaskThatRanThen() throws Exception {
    spans.begin();
    run("first");
    second = 20;
    run("second");
    TaskSpans.Lookup lookup = spans.end();
    assertThat(at(lookup, 5)).contains("first");
    assertThat(at(lookup, 15)).isEmpty();
    assertThat(at(lookup, 25)).contains("second");
    assertThat(at(lookup, 30)).isEmpty();
    assertThat(lookup.at(thread + 1, Instant.ofEpochSecond(5))).isEmpty();
  }

  @Test
  void aTaskThatStillRunsIsFoundThoughItBeganBeforeTheProfile() throws Exception {
    List<Optional<String>> seen = new ArrayList<>();
    Trainer looking =
        spans.noting(
            (_, _) -> {
              spans.begin();
              seen.add(at(spans.end(), 1_000));
              return EpochMetrics.NONE;
            });
    looking.train(new TrainingTask("long", "job", TaskSpec.getDefaultInstance()), _ -> {});
    assertThat(seen).containsExactly(Optional.of("long"));
  }

  @Test
  void withoutAProfileNothingIsKeptAndWithOneOnlySoMuch() throws Exception {
    run("before");
    spans.begin();
    for (int i = 0; i < TaskSpans.KEPT + 1; i++) {
      run("task-" + i);
    }
    TaskSpans.Lookup lookup = spans.end();
    assertThat(at(lookup, 5)).isEmpty();
    assertThat(at(lookup, 15)).contains("task-0");
    assertThat(at(lookup, 10L * TaskSpans.KEPT + 5)).contains("task-" + (TaskSpans.KEPT - 1));
    assertThat(at(lookup, 10L * TaskSpans.KEPT + 15)).isEmpty();
  }
}
