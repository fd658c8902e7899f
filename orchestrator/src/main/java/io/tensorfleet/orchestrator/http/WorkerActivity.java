package io.tensorfleet.orchestrator.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tensorfleet.orchestrator.core.TaskName;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Writes the workers as the earlier orchestrator's HTTP page did. */
final class WorkerActivity {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WorkerActivity() {}

  static String json(List<WorkerState> workers, Instant now) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode list = root.putArray("workers");
    workers.forEach(worker -> write(list.addObject(), worker));
    root.put("total_workers", workers.size());
    root.put("active_workers", workers.stream().filter(WorkerState::getConnected).count());
    root.put("busy_workers", workers.stream().filter(w -> w.getBusy() > 0).count());
    root.put("timestamp", now.getEpochSecond());
    return root.toString();
  }

  private static void write(ObjectNode node, WorkerState worker) {
    String task = worker.getTaskIdsCount() == 0 ? "" : worker.getTaskIds(0);
    node.put("worker_id", worker.getWorkerId());
    node.put("status", worker.getBusy() > 0 ? "BUSY" : "IDLE");
    node.put("current_task_id", task);
    node.put("current_job_id", TaskName.parse(task).map(TaskName::jobId).orElse(""));
    node.put("tasks_completed", worker.getTasksCompleted());
    node.put("last_activity_time", worker.getLastHeartbeat().getSeconds());
    node.put("cpu_usage", worker.getCpuPercent());
    node.put("memory_usage", worker.getMemoryBytes());
    node.put("uptime", uptime(Duration.ofSeconds(worker.getUptimeSeconds())));
    node.put("is_active", worker.getConnected());
  }

  /** As Go writes durations: 2h15m30s. */
  private static String uptime(Duration d) {
    String minutes = d.toHours() > 0 || d.toMinutes() > 0 ? d.toMinutesPart() + "m" : "";
    return (d.toHours() > 0 ? d.toHours() + "h" : "") + minutes + d.toSecondsPart() + "s";
  }
}
