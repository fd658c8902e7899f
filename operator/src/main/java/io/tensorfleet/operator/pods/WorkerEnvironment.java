package io.tensorfleet.operator.pods;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.crds.WorkerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a worker, from its pool's spec. What the spec leaves out keeps the worker's
 * default.
 */
final class WorkerEnvironment {
  private final List<EnvVar> variables = new ArrayList<>();

  private WorkerEnvironment() {}

  static List<EnvVar> of(WorkerPoolSpec pool, PodDefaults defaults) {
    WorkerSettings worker = pool.worker();
    var environment = new WorkerEnvironment();
    environment.variables.add(podName());
    environment.set(
        "ORCHESTRATOR_ADDRESS",
        pool.orchestrator().ownAddress().orElse(defaults.orchestratorAddress()));
    if (pool.orchestrator().tls() != null) {
      environment.set("TLS_CA_FILE", TlsMount.PATH + "/ca.crt");
      environment.set("TLS_CERT_FILE", TlsMount.PATH + "/tls.crt");
      environment.set("TLS_KEY_FILE", TlsMount.PATH + "/tls.key");
    }
    environment.set("WORKER_PORT", Completion.GRPC_PORT);
    environment.set("METRICS_PORT", Completion.METRICS_PORT);
    environment.set("QUEUES", pool.queue());
    environment.set("MAX_CONCURRENT_TASKS", worker.maxConcurrentTasks());
    environment.set("TASK_TIMEOUT", worker.taskTimeout());
    environment.set("HEARTBEAT_INTERVAL", worker.heartbeatInterval());
    environment.set("LOG_LEVEL", worker.logLevel());
    environment.set("ENGINE", worker.engine());
    environment.set("DRAIN_TIMEOUT", worker.drainTimeout());
    environment.set("HAND_BACK_AFTER", pool.protection().maxDuration());
    environment.offer(worker);
    return List.copyOf(environment.variables);
  }

  private void offer(WorkerSettings worker) {
    if (!worker.labels().isEmpty()) {
      set("LABELS", joined(worker.labels()));
    }
    WorkerSettings.Capabilities offered = worker.capabilities();
    if (offered != null) {
      set("CPU_CORES", offered.cpuCores());
      set("MEMORY_GB", offered.memoryGb());
      set("GPU_COUNT", offered.gpuCount());
    }
  }

  private void set(String name, @Nullable Object value) {
    if (value != null) {
      variables.add(new EnvVarBuilder().withName(name).withValue(value.toString()).build());
    }
  }

  private static EnvVar podName() {
    return new EnvVarBuilder()
        .withName("WORKER_ID")
        .withNewValueFrom()
        .withNewFieldRef()
        .withApiVersion("v1")
        .withFieldPath("metadata.name")
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  private static String joined(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
  }
}
