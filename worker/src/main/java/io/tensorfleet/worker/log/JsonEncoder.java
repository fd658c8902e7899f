package io.tensorfleet.worker.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.tensorfleet.worker.core.Json;
import java.util.Map;

/**
 * One JSON object a line: {@code timestamp} (RFC 3339, UTC), {@code level}, {@code logger}, {@code
 * thread}, {@code message}; {@code task_id}, {@code job_id} and {@code attempt} (a text) where it
 * is about a task; {@code error} (the stack, lines parted by a line feed) where something failed.
 */
final class JsonEncoder extends LineEncoder {
  @Override
  String text(ILoggingEvent event) {
    StringBuilder json = new StringBuilder("{");
    field(json, "timestamp", time(event));
    field(json, "level", event.getLevel().toString());
    field(json, "logger", logger(event));
    field(json, "thread", event.getThreadName());
    field(json, "message", message(event));
    Map<String, String> context = event.getMDCPropertyMap();
    for (String key : TaskContext.KEYS) {
      String value = context.getOrDefault(key, "");
      if (!value.isEmpty()) {
        field(json, key, value);
      }
    }
    if (event.getThrowableProxy() != null) {
      field(json, "error", String.join("\n", Failure.lines(event.getThrowableProxy())));
    }
    return json.append("}\n").toString();
  }

  private static void field(StringBuilder json, String name, String value) {
    if (json.length() > 1) {
      json.append(',');
    }
    json.append('"').append(name).append("\":").append(Json.quoted(value));
  }
}
