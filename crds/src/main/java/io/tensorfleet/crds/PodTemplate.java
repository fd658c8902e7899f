package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Pod template as written: an open form, so that a bad one harms only its own pool. {@link #read}
 * gives the typed one, or says what is wrong with it; the API server has the last word when the Pod
 * is created.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodTemplate(
    @JsonPropertyDescription("Labels and annotations of the Pods, as in a Deployment's template.")
        @Nullable Map<String, Object> metadata,
    @JsonPropertyDescription(
            "A PodSpec, as in a Deployment's template; the container named worker is the worker.")
        @Nullable Map<String, Object> spec) {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  public PodTemplate {
    metadata = metadata == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    spec = spec == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(spec));
  }

  /** What reading a template gives. */
  public sealed interface Reading {
    record Valid(PodTemplateSpec template) implements Reading {}

    /** The sentence names the field and what is wrong with it. */
    record Invalid(String sentence) implements Reading {}
  }

  /** Reads the template into Kubernetes' own type. */
  public Reading read() {
    Map<String, Object> whole = new LinkedHashMap<>();
    if (metadata != null) {
      whole.put("metadata", metadata);
    }
    if (spec != null) {
      whole.put("spec", spec);
    }
    try {
      return new Reading.Valid(MAPPER.convertValue(whole, PodTemplateSpec.class));
    } catch (IllegalArgumentException e) {
      String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return new Reading.Invalid("spec.template is no Pod template: " + first);
    }
  }
}
