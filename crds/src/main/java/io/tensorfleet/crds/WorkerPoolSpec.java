package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a person wants of a pool. Absent fields read as their defaults; those without one stay null.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.minReplicas <= self.maxReplicas",
    message =
        "minReplicas must not be above maxReplicas (10 when left out): lower minReplicas or raise maxReplicas",
    fieldPath = ".minReplicas",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "self.queue.matches('^[a-z0-9-]{1,63}$')",
    messageExpression =
        "'queue is \"' + self.queue + '\": write 1 to 63 lower case letters, digits or dashes, such as default or gpu-large'",
    message = "queue must be 1 to 63 lower case letters, digits or dashes",
    fieldPath = ".queue",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "!has(self.image) || self.image.matches('^[^\\\\s]+$')",
    message =
        "image must be the name of a container image without spaces, such as tensorfleet-worker:0.1.0; leave it out for the operator's own",
    fieldPath = ".image",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "!has(self.scaling.schedules) || self.scaling.schedules.all(s, s.minReplicas <= self.maxReplicas)",
    message =
        "scaling.schedules: each minReplicas must be at most spec.maxReplicas: lower it or raise maxReplicas",
    fieldPath = ".scaling.schedules",
    reason = "FieldValueInvalid")
public record WorkerPoolSpec(
    @Default("{}")
        @JsonPropertyDescription("Where the queue is: address and TLS of the orchestrator.")
        OrchestratorRef orchestrator,
    @Default("default")
        @JsonPropertyDescription(
            "The orchestrator's queue that this pool serves: 1 to 63 lower case letters, digits or dashes.")
        String queue,
    @Default("0")
        @Min(0)
        @Max(10000)
        @JsonPropertyDescription(
            "The pool never shrinks below this many workers: 0 to 10000, at most maxReplicas. 0 lets it vanish when nothing waits and nothing runs.")
        Integer minReplicas,
    @Default("10")
        @Min(0)
        @Max(10000)
        @JsonPropertyDescription("The pool never grows above this many workers: 0 to 10000.")
        Integer maxReplicas,
    @SpecReplicas
        @Min(0)
        @Max(10000)
        @JsonPropertyDescription(
            "The number of workers, 0 to 10000, when someone else decides the size: kubectl scale, an HPA, KEDA or Git; minReplicas and maxReplicas bound it. Absent: the operator sizes the pool by its queue. Busy workers are never stopped either way. The API server lets /scale be read once this is set.")
        @Nullable Integer replicas,
    @Default("{}") @JsonPropertyDescription("How the size follows the queue.") Scaling scaling,
    @Default("{}")
        @JsonPropertyDescription("Settings of each worker; written into its environment.")
        WorkerSettings worker,
    @JsonPropertyDescription(
            "Image of the worker, the short form of template.spec.containers[name=worker].image: a name without spaces, at most 512 characters. Absent: the operator's own default.")
        @Nullable String image,
    @JsonPropertyDescription(
            "A full Pod template. The container named worker is completed (environment, ports, probes), never overwritten. Absent: a Pod that passes the restricted Pod Security profile.")
        @Nullable PodTemplate template,
    @Default("{}") @JsonPropertyDescription("How a change of the Pods reaches the running workers.")
        Update update,
    @Default("{}") @JsonPropertyDescription("What may be asked of a task that runs long.")
        Protection protection) {

  public static final int MOST_REPLICAS = 10_000;

  public WorkerPoolSpec {
    orchestrator = Absent.or(orchestrator, OrchestratorRef.defaults());
    queue = Absent.or(queue, "default");
    minReplicas = Absent.or(minReplicas, 0);
    maxReplicas = Absent.or(maxReplicas, 10);
    scaling = Absent.or(scaling, Scaling.defaults());
    worker = Absent.or(worker, WorkerSettings.defaults());
    update = Absent.or(update, Update.defaults());
    protection = Absent.or(protection, Protection.none());
  }

  /** The spec of {@code spec: {}}. */
  public static WorkerPoolSpec defaults() {
    return new WorkerPoolSpec(
        OrchestratorRef.defaults(),
        "default",
        0,
        10,
        null,
        Scaling.defaults(),
        WorkerSettings.defaults(),
        null,
        null,
        Update.defaults(),
        Protection.none());
  }

  public WorkerPoolSpec withBounds(int min, int max) {
    return new WorkerPoolSpec(
        orchestrator,
        queue,
        min,
        max,
        replicas,
        scaling,
        worker,
        image,
        template,
        update,
        protection);
  }

  public WorkerPoolSpec withReplicas(int size) {
    return new WorkerPoolSpec(
        orchestrator,
        queue,
        minReplicas,
        maxReplicas,
        size,
        scaling,
        worker,
        image,
        template,
        update,
        protection);
  }

  public WorkerPoolSpec withScaling(Scaling other) {
    return new WorkerPoolSpec(
        orchestrator,
        queue,
        minReplicas,
        maxReplicas,
        replicas,
        other,
        worker,
        image,
        template,
        update,
        protection);
  }

  public WorkerPoolSpec withWorker(WorkerSettings other) {
    return new WorkerPoolSpec(
        orchestrator,
        queue,
        minReplicas,
        maxReplicas,
        replicas,
        scaling,
        other,
        image,
        template,
        update,
        protection);
  }

  public WorkerPoolSpec withUpdate(Update other) {
    return new WorkerPoolSpec(
        orchestrator,
        queue,
        minReplicas,
        maxReplicas,
        replicas,
        scaling,
        worker,
        image,
        template,
        other,
        protection);
  }

  /** The size that someone else decided; empty when the operator decides. */
  public OptionalInt decidedElsewhere() {
    return replicas == null ? OptionalInt.empty() : OptionalInt.of(replicas);
  }

  public Optional<String> ownImage() {
    return Optional.ofNullable(image);
  }

  public Optional<PodTemplate> ownTemplate() {
    return Optional.ofNullable(template);
  }

  /** Tasks that one worker runs at once; at least 1, also where no server has checked it. */
  public int slotsPerWorker() {
    return Math.max(1, worker.maxConcurrentTasks());
  }
}
