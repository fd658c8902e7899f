package io.tensorfleet.orchestrator.store;

import io.tensorfleet.orchestrator.core.Expansion;
import io.tensorfleet.orchestrator.core.TaskName;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import java.util.List;

/** What never changes of a job: its names and what its tasks are. */
public record JobInfo(long jobNo, String jobId, String queue, List<Group> groups) {

  /** A group of tasks with the index of its first. */
  public record Group(int firstIndex, int tasks, int classId, TaskGroup body) {
    TaskSpec spec(int index) {
      return Expansion.at(body, index - firstIndex);
    }
  }

  public JobInfo {
    groups = List.copyOf(groups);
  }

  public String taskId(int index) {
    return TaskName.of(jobId, index);
  }

  /** What the task at the index is to do. */
  public TaskSpec spec(int index) {
    return group(index).spec(index);
  }

  /** What all tasks of the index's group share: timeouts, tries, requirements. */
  public TaskSpec template(int index) {
    return group(index).body().getTemplate();
  }

  private Group group(int index) {
    int low = 0;
    int high = groups.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (groups.get(middle).firstIndex() <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return groups.get(low);
  }
}
