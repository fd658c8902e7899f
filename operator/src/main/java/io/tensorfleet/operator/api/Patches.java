package io.tensorfleet.operator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of JSON merge patches. */
final class Patches {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Patches() {}

  /** Of the annotations of the object with this UID; null removes one. */
  static String annotations(String uid, Map<String, @Nullable String> annotations) {
    try {
      return JSON.writeValueAsString(
          Map.of("metadata", Map.of("uid", uid, "annotations", annotations)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("annotations could not be written", e);
    }
  }
}
