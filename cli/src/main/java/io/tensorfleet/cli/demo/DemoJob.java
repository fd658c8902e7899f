package io.tensorfleet.cli.demo;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the demo applies and submits. */
public final class DemoJob {
  /** The three model types that exist. */
  public static final List<String> MODEL_TYPES =
      List.of("neural_network", "xgboost", "random_forest");

  private static final String SAMPLE = "deploy/samples/workerpool.yaml";
  private static final int EPOCHS = 10;

  private DemoJob() {}

  /** The sample pool of the checkout, in the namespace {@code default} where it names none. */
  public static WorkerPool pool(Path root) {
    return PoolFile.read(root.resolve(SAMPLE));
  }

  /** A job of that many tasks, mixed of the three model types. */
  public static SubmitRequest submit(String id, int tasks) {
    return SubmitRequest.newBuilder()
        .setJobId(id)
        .setRequestId(id)
        .setUserId("demo")
        .addAllGroups(mixed(tasks, TaskSpec.newBuilder().setEpochs(EPOCHS).build()))
        .build();
  }

  /** Tasks shared out over the three model types, the first types taking what does not divide. */
  public static List<TaskGroup> mixed(int tasks, TaskSpec template) {
    var groups = new ArrayList<TaskGroup>();
    for (int i = 0; i < MODEL_TYPES.size(); i++) {
      int count = tasks / MODEL_TYPES.size() + (i < tasks % MODEL_TYPES.size() ? 1 : 0);
      if (count > 0) {
        groups.add(
            TaskGroup.newBuilder()
                .setTemplate(template.toBuilder().setModelType(MODEL_TYPES.get(i)))
                .setCount(count)
                .build());
      }
    }
    return List.copyOf(groups);
  }
}
