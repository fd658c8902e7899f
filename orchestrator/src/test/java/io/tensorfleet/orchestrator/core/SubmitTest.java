package io.tensorfleet.orchestrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.GridAxis;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.TaskCounts;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a submit may say, what it becomes, and what is told of a job. */
class SubmitTest {
  private static final TaskSpec GOOD = TaskSpec.newBuilder().setModelType("xgboost").build();

  private static TaskGroup.Builder group() {
    return TaskGroup.newBuilder().setTemplate(GOOD);
  }

  @Test
  void aGoodRequestHasNoMistakes() {
    assertThat(
            SubmitCheck.of(SubmitRequest.newBuilder().addGroups(group().setCount(5)).build())
                .found())
        .isEmpty();
  }

  @Test
  void everyMistakeIsToldWithFieldValueAndWhatIsAccepted() {
    TaskGroup bad =
        TaskGroup.newBuilder()
            .setTemplate(
                TaskSpec.newBuilder().setModelType("gpt").setEpochs(-1).putHyperparameters("", "x"))
            .setCount(2_000_000)
            .build();
    SubmitRequest request =
        SubmitRequest.newBuilder()
            .setJobId("a b")
            .setPriority(101)
            .setQueue("No")
            .addGroups(bad)
            .build();
    assertThat(SubmitCheck.of(request).found())
        .contains(
            "job_id is 'a b': accepted is 1 to 128 characters of [A-Za-z0-9._-]",
            "priority is '101': accepted is -100 to 100",
            "queue is 'No': accepted is 1 to 63 characters of [a-z0-9-]",
            "groups[0].template.model_type is 'gpt': accepted is neural_network, xgboost, random_forest",
            "groups[0].template.epochs is '-1': accepted is 0 to 100000",
            "groups[0].template.hyperparameters key is '': accepted is 1 to 63 bytes",
            "groups[0].count is '2000000': accepted is 1 to 1000000",
            "groups is 'more tasks': accepted is at most 1000000 tasks in all");
  }

  @Test
  void noGroupsIsAMistake() {
    assertThat(SubmitCheck.of(SubmitRequest.getDefaultInstance()).told())
        .contains("groups is '0 groups'");
  }

  @Test
  void aGridTooLargeToCountIsAMistakeAndNotAnOverflow() {
    TaskGroup.Builder grid = group();
    GridAxis.Builder axis = GridAxis.newBuilder().setHyperparameter("x");
    for (int i = 0; i < 1000; i++) {
      axis.addValues("" + i);
    }
    for (int i = 0; i < 9; i++) {
      grid.getGridBuilder().addAxes(axis);
    }
    assertThat(SubmitCheck.of(SubmitRequest.newBuilder().addGroups(grid).build()).told())
        .contains("more tasks");
  }

  @Test
  void anAxisThatIsNoRangeIsAMistake() {
    TaskGroup.Builder random = group();
    random.getRandomBuilder().setSamples(3).addAxesBuilder().setHyperparameter("a");
    random
        .getRandomBuilder()
        .addAxesBuilder()
        .setHyperparameter("b")
        .getLogUniformBuilder()
        .setMin(0)
        .setMax(1);
    random
        .getRandomBuilder()
        .addAxesBuilder()
        .setHyperparameter("c")
        .getUniformBuilder()
        .setMin(2)
        .setMax(Double.NaN);
    assertThat(SubmitCheck.of(SubmitRequest.newBuilder().addGroups(random).build()).found())
        .hasSize(3);
  }

  @Test
  void aGridIsEveryCombinationOnce() {
    TaskGroup.Builder grid = group();
    grid.getGridBuilder().addAxesBuilder().setHyperparameter("a").addValues("1").addValues("2");
    grid.getGridBuilder()
        .addAxesBuilder()
        .setHyperparameter("b")
        .addValues("x")
        .addValues("y")
        .addValues("z");
    Set<String> seen = new HashSet<>();
    assertThat(Expansion.size(grid.build())).isEqualTo(6);
    for (int i = 0; i < 6; i++) {
      var h = Expansion.at(grid.build(), i).getHyperparametersMap();
      seen.add(h.get("a") + h.get("b"));
    }
    assertThat(seen).containsExactlyInAnyOrder("1x", "1y", "1z", "2x", "2y", "2z");
  }

  @Test
  void aRandomSearchIsRepeatableAndStaysInItsRanges() {
    TaskGroup.Builder random = group();
    random.getRandomBuilder().setSamples(50).setSeed(3);
    random
        .getRandomBuilder()
        .addAxesBuilder()
        .setHyperparameter("lr")
        .getLogUniformBuilder()
        .setMin(1e-4)
        .setMax(1);
    random
        .getRandomBuilder()
        .addAxesBuilder()
        .setHyperparameter("n")
        .getIntegerBuilder()
        .setMin(2)
        .setMax(5);
    Set<String> rates = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      var h = Expansion.at(random.build(), i).getHyperparametersMap();
      assertThat(h).isEqualTo(Expansion.at(random.build(), i).getHyperparametersMap());
      assertThat(Double.parseDouble(h.getOrDefault("lr", ""))).isBetween(1e-4, 1.0);
      assertThat(Integer.parseInt(h.getOrDefault("n", ""))).isBetween(2, 5);
      rates.add(h.getOrDefault("lr", ""));
    }
    assertThat(rates).hasSize(50);
  }

  @Test
  void aTasksNameIsItsJobAndIndex() {
    assertThat(TaskName.parse("my-job-12")).contains(new TaskName("my-job", 12));
    for (String bad : new String[] {"", "x", "-1", "x-", "x-1a", "x-01", "x-99999999999"}) {
      assertThat(TaskName.parse(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void theTimeLeftIsToldOnlyWhereItCanBe() {
    TaskCounts counts =
        TaskCounts.newBuilder()
            .setTotal(100)
            .setWaiting(60)
            .setRunning(20)
            .setCompleted(20)
            .build();
    assertThat(JobProgress.percent(counts)).isEqualTo(20);
    assertThat(JobProgress.left(counts, 4)).contains(Duration.ofSeconds(14));
    assertThat(JobProgress.left(counts, 0)).isEmpty();
    assertThat(JobProgress.left(counts.toBuilder().setRunning(0).build(), 4)).isEmpty();
    assertThat(JobProgress.left(counts.toBuilder().setCompleted(90).setFailed(10).build(), 4))
        .contains(Duration.ZERO);
  }
}
