package io.tensorfleet.worker.telemetry;

import io.tensorfleet.worker.core.GoDuration;
import io.tensorfleet.worker.core.Json;
import io.tensorfleet.worker.core.Liveness;
import io.tensorfleet.worker.core.Readiness;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.core.WorkerStatus;
import io.tensorfleet.worker.session.Facts;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code /health} says; its names and types are part of the worker's contract. Before the
 * first heartbeat {@code last_heartbeat} is null: readers in Go then keep the zero of their field,
 * be it a text or a time, where an empty text would fail the latter.
 */
public record HealthReport(String workerId, Facts facts, Usage usage, Instant now) {

  public WorkerStatus status() {
    return WorkerStatus.of(facts.drain(), facts.active(), facts.connection());
  }

  public boolean ready() {
    return Readiness.isReady(facts.drain(), facts.sinceSession(now));
  }

  /** Whether its loop still comes round. */
  public boolean alive() {
    return Liveness.isAlive(facts.sinceRound(System.nanoTime()));
  }

  public String json() {
    Duration uptime = Duration.between(facts.startedAt(), now).truncatedTo(ChronoUnit.SECONDS);
    Optional<String> heartbeat =
        facts.lastHeartbeat().map(at -> at.truncatedTo(ChronoUnit.MILLIS).toString());
    StringBuilder json = new StringBuilder("{");
    field(json, "worker_id", Json.quoted(workerId));
    field(json, "status", Json.quoted(status().name()));
    field(json, "uptime", Json.quoted(GoDuration.format(uptime)));
    field(json, "active_tasks", Integer.toString(facts.active()));
    field(json, "completed_tasks", Long.toString(facts.completed()));
    field(json, "cpu_usage", String.format(Locale.ROOT, "%.2f", usage.cpuPercent()));
    field(json, "memory_usage", Long.toString(usage.memoryBytes()));
    field(json, "last_heartbeat", heartbeat.map(Json::quoted).orElse("null"));
    field(json, "orchestrator_connection", Json.quoted(facts.connection().wireName()));
    field(json, "orchestrator_error", Json.quoted(facts.lastError()));
    field(json, "drain_state", Json.quoted(facts.drain().name()));
    field(json, "cordoned", Boolean.toString(facts.cordoned()));
    field(json, "ready", Boolean.toString(ready()));
    return json.append("}\n").toString();
  }

  private static void field(StringBuilder json, String name, String value) {
    if (json.length() > 1) {
      json.append(',');
    }
    json.append('"').append(name).append("\":").append(value);
  }
}
