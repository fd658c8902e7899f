package io.tensorfleet.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.session.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthReportTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private final Facts facts = new Facts(START);

  private JsonObject after(String uptime, String id, Usage usage) {
    return JsonParser.parseString(
            new HealthReport(id, facts, usage, START.plus(Duration.parse(uptime))).json())
        .getAsJsonObject();
  }

  @Test
  void theContractsFieldsAreThereInTheirTypes() {
    JsonObject health = after("PT2H15M30S", "w1", new Usage(1.5, 42));
    assertThat(health.keySet())
        .startsWith(
            "worker_id",
            "status",
            "uptime",
            "active_tasks",
            "completed_tasks",
            "cpu_usage",
            "memory_usage",
            "last_heartbeat",
            "orchestrator_connection");
    for (String text : List.of("worker_id", "status", "uptime", "orchestrator_connection")) {
      assertThat(primitive(health, text).isString()).as(text).isTrue();
    }
    for (String number : List.of("active_tasks", "completed_tasks", "memory_usage")) {
      assertThat(primitive(health, number).getAsString()).as(number).matches("[0-9]+");
      assertThat(primitive(health, number).isNumber()).as(number).isTrue();
    }
    assertThat(primitive(health, "cpu_usage").getAsDouble()).isEqualTo(1.5);
    assertThat(primitive(health, "status").getAsString()).isEqualTo("DISCONNECTED");
    assertThat(primitive(health, "orchestrator_connection").getAsString()).isEqualTo("connecting");
    assertThat(health.get("last_heartbeat").isJsonNull()).isTrue();
  }

  private static JsonPrimitive primitive(JsonObject object, String name) {
    return object.getAsJsonPrimitive(name);
  }

  @ParameterizedTest
  @CsvSource({"PT2H15M30S,2h15m30s", "PT26H,26h0m0s", "PT0S,0s", "PT59.9S,59s", "PT61S,1m1s"})
  void uptimeIsInGosFormAndItsDaysStayHours(String uptime, String text) {
    assertThat(primitive(after(uptime, "w", new Usage(0, 0)), "uptime").getAsString())
        .isEqualTo(text);
  }

  @Test
  void whateverAWorkerIsCalledItStaysJson() {
    String id = "a\"b\\c\n\t\u0000\u001b\u007f\u2028\u2029é😀";
    JsonObject health = after("PT1S", id, new Usage(0, 0));
    assertThat(primitive(health, "worker_id").getAsString()).isEqualTo(id);
  }

  @Test
  void aFigureThatIsNoNumberCountsAsZero() {
    assertThat(primitive(after("PT1S", "w", new Usage(Double.NaN, 1)), "cpu_usage").getAsDouble())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({"0,true", "29,true", "31,false", "3600,false"})
  void aWorkerWhoseLoopHangsIsNotAlive(long seconds, boolean alive) {
    facts.cameRound(System.nanoTime() - TimeUnit.SECONDS.toNanos(seconds));
    assertThat(new HealthReport("w", facts, new Usage(0, 0), START).alive()).isEqualTo(alive);
  }
}
