package io.tensorfleet.operator.pods;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.policy.RevisionFacts;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A revision as it is kept on the API server: a ControllerRevision of the pool, named {@code
 * POOL-MARK-REVISION} as its Pods are, with the completed template as its data and what is known of
 * it as annotations.
 */
public final class StoredRevision {
  private static final String SINCE = "tensorfleet.io/since";
  private static final String WORKED = "tensorfleet.io/worked";
  private static final String FAILURE = "tensorfleet.io/failure";
  private static final int LONGEST_FAILURE = 1_000;
  private static final ObjectMapper MAPPER =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  private StoredRevision() {}

  public static String name(WorkerPool pool, String revision) {
    return PodNames.stem(pool) + "-" + revision;
  }

  /** The object to create; {@code number} is higher than that of every earlier one. */
  public static ControllerRevision of(
      WorkerPool pool, Blueprint.Valid blueprint, RevisionFacts facts, long number) {
    Map<String, String> annotations = new LinkedHashMap<>(annotations(facts));
    annotations.values().removeIf(String::isEmpty);
    return new ControllerRevisionBuilder()
        .withMetadata(
            Owned.by(
                pool,
                blueprint.revision(),
                new ObjectMetaBuilder()
                    .withName(name(pool, blueprint.revision()))
                    .withAnnotations(annotations)))
        .withRevision(number)
        .withData(
            Map.of(
                "spec", Map.of("template", MAPPER.convertValue(blueprint.template(), Map.class))))
        .build();
  }

  /** What is known of it, as annotations; an empty value says that nothing is. */
  public static Map<String, String> annotations(RevisionFacts facts) {
    String why = facts.failure().orElse("");
    Map<String, String> all = new LinkedHashMap<>();
    all.put(SINCE, facts.since().map(Instant::toString).orElse(""));
    all.put(WORKED, facts.worked().map(Instant::toString).orElse(""));
    all.put(FAILURE, why.length() > LONGEST_FAILURE ? why.substring(0, LONGEST_FAILURE) : why);
    return all;
  }

  public static String revision(ControllerRevision stored) {
    return stored.getMetadata().getLabels().getOrDefault(Labels.REVISION, "");
  }

  public static RevisionFacts facts(ControllerRevision stored) {
    Map<String, String> annotations =
        Optional.ofNullable(stored.getMetadata().getAnnotations()).orElse(Map.of());
    return new RevisionFacts(
        revision(stored),
        Texts.instant(annotations.get(SINCE)),
        Texts.instant(annotations.get(WORKED)),
        Optional.ofNullable(annotations.get(FAILURE)).filter(text -> !text.isEmpty()));
  }

  /** What Pods of it look like. */
  public static Blueprint blueprint(ControllerRevision stored) {
    try {
      var data = MAPPER.convertValue(stored.getData(), Data.class);
      return new Blueprint.Valid(data.spec().template(), revision(stored));
    } catch (IllegalArgumentException | NullPointerException e) {
      return new Blueprint.Invalid(
          "ControllerRevision %s holds no Pod template: %s"
              .formatted(stored.getMetadata().getName(), e.getMessage()));
    }
  }

  /** The same without its template, which is read when it is needed; changes it in place. */
  public static ControllerRevision trim(ControllerRevision stored) {
    stored.getMetadata().setManagedFields(null);
    stored.setData(null);
    return stored;
  }

  private record Data(Spec spec) {}

  private record Spec(PodTemplateSpec template) {}
}
