package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.WorkerState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A worker of a stage as its Pod makes it.
 *
 * @param id the Pod's name
 * @param incarnation the Pod's UID
 */
record StageWorker(
    String id,
    String incarnation,
    String queue,
    int slots,
    Capabilities capabilities,
    Map<String, String> labels) {
  private static final int USUAL_SLOTS = 3;

  StageWorker {
    labels = Map.copyOf(labels);
  }

  /** As the environment of the Pod's worker says. */
  static StageWorker of(Pod pod) {
    var environment = environment(pod);
    Function<String, Integer> number =
        name -> Integer.parseInt(environment.getOrDefault(name, "0"));
    int slots = number.apply("MAX_CONCURRENT_TASKS");
    return new StageWorker(
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        environment.getOrDefault("QUEUES", "default"),
        slots == 0 ? USUAL_SLOTS : slots,
        Capabilities.newBuilder()
            .setCpuCores(number.apply("CPU_CORES"))
            .setMemoryBytes((long) number.apply("MEMORY_GB") << 30)
            .setGpuCount(number.apply("GPU_COUNT"))
            .build(),
        labels(environment.getOrDefault("LABELS", "")));
  }

  private static Map<String, String> environment(Pod pod) {
    var environment = new HashMap<String, String>();
    pod.getSpec().getContainers().stream()
        .filter(container -> container.getName().equals("worker"))
        .flatMap(container -> container.getEnv().stream())
        .filter(variable -> variable.getValue() != null)
        .forEach((EnvVar variable) -> environment.put(variable.getName(), variable.getValue()));
    return environment;
  }

  private static Map<String, String> labels(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  boolean canDo(StageWork work) {
    Requirements requires = work.requires();
    return work.queue().equals(queue)
        && requires.getGpuCount() <= capabilities.getGpuCount()
        && (requires.getMemoryBytes() == 0
            || requires.getMemoryBytes() <= capabilities.getMemoryBytes())
        && requires.getLabelsMap().entrySet().stream()
            .allMatch(
                e -> Optional.ofNullable(labels.get(e.getKey())).equals(Optional.of(e.getValue())));
  }

  WorkerState.Builder state() {
    return WorkerState.newBuilder()
        .setWorkerId(id)
        .setIncarnation(incarnation)
        .setSlots(slots)
        .setConnected(true)
        .setCapabilities(capabilities)
        .putAllLabels(labels)
        .addQueues(queue);
  }
}
