package io.tensorfleet.operator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of patches. */
final class Patches {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Patches() {}

  /** A merge patch of the annotations of the object with this UID; null removes one. */
  static String annotations(String uid, Map<String, @Nullable String> annotations) {
    return text(Map.of("metadata", Map.of("uid", uid, "annotations", annotations)));
  }

  /** A JSON patch that gives the object a whole status if it has this UID, and else fails. */
  static String status(String uid, Object status) {
    return text(
        List.of(
            Map.of("op", "test", "path", "/metadata/uid", "value", uid),
            Map.of("op", "add", "path", "/status", "value", status)));
  }

  private static String text(Object patch) {
    try {
      return JSON.writeValueAsString(patch);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a patch could not be written", e);
    }
  }
}
