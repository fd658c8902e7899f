package io.tensorfleet.crds;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What each worker of a pool offers to tasks.
 *
 * @param gpus empty: not known, which is none until a worker says otherwise
 * @param memoryBytes empty: not known, which is enough until a worker says otherwise
 */
public record Offer(OptionalInt gpus, OptionalLong memoryBytes, Map<String, String> labels) {
  /** The least first; what is not known comes after what is. */
  public static final Comparator<Offer> LEAST_FIRST =
      Comparator.<Offer>comparingInt(o -> o.gpus.orElse(0))
          .thenComparingInt(o -> o.labels.size())
          .thenComparingLong(o -> o.memoryBytes.orElse(Long.MAX_VALUE));

  private static final String WORKER = "worker";
  private static final List<String> GPU_RESOURCES = List.of("nvidia.com/gpu", "amd.com/gpu");
  private static final long GIB = 1L << 30;

  public Offer {
    labels = Map.copyOf(labels);
  }

  /** Of a pool that says nothing. */
  public static Offer unknown() {
    return new Offer(OptionalInt.empty(), OptionalLong.empty(), Map.of());
  }

  /**
   * What the spec says: worker.capabilities and worker.labels, else the limits of the template's
   * worker container. Variables that the template sets itself reach the worker first.
   */
  public static Offer of(WorkerPoolSpec spec) {
    Container worker = worker(spec);
    WorkerSettings settings = spec.worker();
    WorkerSettings.Capabilities said = settings.capabilities();
    OptionalInt gpus =
        number(variable(worker, "GPU_COUNT"))
            .or(
                () ->
                    said == null
                        ? Optional.empty()
                        : Optional.ofNullable(said.gpuCount()).map(BigDecimal::new))
            .or(() -> gpuLimit(worker))
            .map(n -> OptionalInt.of(n.intValue()))
            .orElseGet(OptionalInt::empty);
    OptionalLong memory =
        number(variable(worker, "MEMORY_GB"))
            .or(
                () ->
                    said == null
                        ? Optional.empty()
                        : Optional.ofNullable(said.memoryGb()).map(BigDecimal::new))
            .map(gigabytes -> gigabytes.multiply(BigDecimal.valueOf(GIB)))
            .or(() -> limit(worker, "memory"))
            .map(n -> OptionalLong.of(n.longValue()))
            .orElseGet(OptionalLong::empty);
    Map<String, String> labels =
        variable(worker, "LABELS").map(Offer::pairs).orElseGet(settings::labels);
    return new Offer(gpus, memory, labels);
  }

  /** This one, with what it does not know taken from the other. */
  public Offer or(Offer other) {
    return new Offer(
        gpus.isPresent() ? gpus : other.gpus,
        memoryBytes.isPresent() ? memoryBytes : other.memoryBytes,
        labels.isEmpty() ? other.labels : labels);
  }

  /** The greater number of each, and the labels of this one. */
  public Offer most(Offer other) {
    int moreGpus = Math.max(gpus.orElse(0), other.gpus.orElse(0));
    long moreMemory = Math.max(memoryBytes.orElse(0), other.memoryBytes.orElse(0));
    return new Offer(
        gpus.isEmpty() && other.gpus.isEmpty() ? gpus : OptionalInt.of(moreGpus),
        memoryBytes.isEmpty() && other.memoryBytes.isEmpty()
            ? memoryBytes
            : OptionalLong.of(moreMemory),
        labels);
  }

  /** Whether a worker that offers this may be given a task that asks for that. */
  public boolean meets(Needs needs) {
    return gpus.orElse(0) >= needs.gpus()
        && memoryBytes.orElse(Long.MAX_VALUE) >= needs.memoryBytes()
        && labels.entrySet().containsAll(needs.labels().entrySet());
  }

  private static Container worker(WorkerPoolSpec spec) {
    return spec.ownTemplate()
        .map(PodTemplate::read)
        .filter(PodTemplate.Reading.Valid.class::isInstance)
        .map(reading -> ((PodTemplate.Reading.Valid) reading).template())
        .map(PodTemplateSpec::getSpec)
        .flatMap(
            pod -> pod.getContainers().stream().filter(c -> WORKER.equals(c.getName())).findFirst())
        .orElseGet(Container::new);
  }

  private static Optional<String> variable(Container worker, String name) {
    return worker.getEnv().stream()
        .filter(v -> name.equals(v.getName()) && v.getValue() != null)
        .map(EnvVar::getValue)
        .findFirst();
  }

  private static Optional<BigDecimal> number(Optional<String> text) {
    try {
      return text.map(String::strip).map(BigDecimal::new);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<BigDecimal> gpuLimit(Container worker) {
    return GPU_RESOURCES.stream().flatMap(name -> limit(worker, name).stream()).findFirst();
  }

  private static Optional<BigDecimal> limit(Container worker, String resource) {
    try {
      return Optional.ofNullable(worker.getResources())
          .map(ResourceRequirements::getLimits)
          .map(limits -> limits.get(resource))
          .map(Quantity::getNumericalAmount);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
      }
    }
    return pairs;
  }
}
