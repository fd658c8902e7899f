package io.tensorfleet.worker;

import static io.tensorfleet.worker.Setting.Group.IDENTITY;
import static io.tensorfleet.worker.Setting.Group.MACHINE;
import static io.tensorfleet.worker.Setting.Group.NETWORK;
import static io.tensorfleet.worker.Setting.Group.SIMULATION;
import static io.tensorfleet.worker.Setting.Group.TELEMETRY;
import static io.tensorfleet.worker.Setting.Group.WORK;

import io.tensorfleet.worker.core.Curve;
import io.tensorfleet.worker.core.ProfileAccess;
import io.tensorfleet.worker.core.SimulationPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every setting of the worker, in the order in which they are explained.
 *
 * <p>To add one: a constant here, made by {@link #one}, which also puts it into the reference page
 * and {@code --help}; a component in a record of {@link WorkerConfig}, filled there by {@code
 * NAME.in(env)}; then {@code make reference}.
 */
final class Settings {
  private static final List<Setting<?>> ALL = new ArrayList<>();

  static final Setting<String> WORKER_ID =
      one(
          Setting.of(
              IDENTITY,
              "WORKER_ID",
              "Its unique name; in Kubernetes the Pod's",
              "host name and a random suffix",
              Kind.matching(
                  Pattern.compile("[A-Za-z0-9._-]{1,253}"),
                  "1 to 253 characters of [A-Za-z0-9._-]")));
  static final Setting<List<String>> QUEUES =
      one(
          Setting.of(
              IDENTITY,
              "QUEUES",
              "The queues that it serves",
              "default",
              new Kind<>(
                  "names of [a-z0-9-], 1 to 63 characters, separated by commas", Texts::queues)));
  static final Setting<Map<String, String>> LABELS =
      one(
          Setting.of(
              IDENTITY,
              "LABELS",
              "What tasks may require of a worker",
              "none",
              new Kind<>("key=value, separated by commas", Texts::labels)));

  static final Setting<String> ORCHESTRATOR_ADDRESS =
      one(
          Setting.of(
                  NETWORK,
                  "ORCHESTRATOR_ADDRESS",
                  "The orchestrator that it works for",
                  "localhost:50051",
                  new Kind<>("host:port or dns:///host:port, port from 1 to 65535", Texts::target))
              .alias("ORCHESTRATOR_ADDR"));
  static final Setting<String> BIND_ADDRESS =
      one(
          Setting.of(
              NETWORK,
              "BIND_ADDRESS",
              "Where its two servers listen",
              "0.0.0.0",
              Kind.matching(
                  Pattern.compile("[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}"),
                  "a host name or an IP address")));
  static final Setting<Integer> WORKER_PORT =
      one(
          Setting.of(
                  NETWORK,
                  "WORKER_PORT",
                  "Its gRPC server; 0 takes any free port, which the log names",
                  "50052",
                  Kind.integer(0, 65535))
              .alias("PORT"));
  static final Setting<Integer> METRICS_PORT =
      one(
          Setting.of(
              NETWORK,
              "METRICS_PORT",
              "Its HTTP server: metrics, health, profiles; 0 takes any free port",
              "2112",
              Kind.integer(0, 65535)));

  static final Setting<Integer> MAX_CONCURRENT_TASKS =
      one(
          Setting.of(
              WORK, "MAX_CONCURRENT_TASKS", "Tasks at once (slots)", "3", Kind.integer(1, 1024)));
  static final Setting<Duration> TASK_TIMEOUT =
      one(
          Setting.of(
              WORK,
              "TASK_TIMEOUT",
              "Longest run of one task; where this is set, a lease may only shorten it",
              "300s",
              Kind.duration()));
  static final Setting<Duration> HEARTBEAT_INTERVAL =
      one(
          Setting.of(
              WORK,
              "HEARTBEAT_INTERVAL",
              "How often it reports; a third of the lease or more gives way, with a warning, to"
                  + " what the orchestrator says",
              "what the orchestrator says, else 30s",
              Kind.duration()));
  static final Setting<Duration> DRAIN_TIMEOUT =
      one(
          Setting.of(
              WORK,
              "DRAIN_TIMEOUT",
              "How long running tasks may go on after SIGTERM, before they are handed back; a second"
                  + " signal hands them back at once",
              "10m",
              Kind.duration()));
  static final Setting<Duration> HAND_BACK_AFTER =
      one(
          Setting.of(
              WORK,
              "HAND_BACK_AFTER",
              "How long a task may run here before it goes back to the queue, with the next"
                  + " checkpoint that it makes; one that makes none stays. Not over the earlier wire",
              "a task may stay",
              Kind.duration()));
  static final Setting<WorkerConfig.Engine> ENGINE =
      one(
          Setting.of(
              WORK,
              "ENGINE",
              "What runs the tasks",
              "simulation",
              Kind.choice(WorkerConfig.Engine.class)));

  static final Setting<Double> SIMULATION_SPEED =
      one(
          Setting.of(
              SIMULATION,
              "SIMULATION_SPEED",
              "Factor on the length of each epoch; 0 does not wait",
              "1",
              Kind.decimal("0", "1000")));
  static final Setting<Curve> SIMULATION_CURVE =
      one(
          Setting.of(
              SIMULATION,
              "SIMULATION_CURVE",
              "Which family of learning curves runs follow",
              "loop",
              Kind.choice(Curve.class)));
  static final Setting<SimulationPlan.Faults> SIMULATION_FAULTS =
      one(
          Setting.of(
              SIMULATION,
              "SIMULATION_FAULTS",
              "Whether tasks may harm the worker that runs them, as drills ask",
              "refused",
              Kind.choice(SimulationPlan.Faults.class)));

  static final Setting<Integer> CPU_CORES =
      one(Setting.of(MACHINE, "CPU_CORES", "Processor cores", "measured", Kind.integer(1, 65_536)));
  static final Setting<Double> MEMORY_GB =
      one(
          Setting.of(
              MACHINE,
              "MEMORY_GB",
              "Memory, in units of 2^30 bytes",
              "measured",
              Kind.decimal("0.001", "1048576")));
  static final Setting<Integer> GPU_COUNT =
      one(Setting.of(MACHINE, "GPU_COUNT", "GPUs", "measured", Kind.integer(0, 1024)));
  static final Setting<String> CUDA_VISIBLE_DEVICES =
      one(
          Setting.of(
              MACHINE,
              "CUDA_VISIBLE_DEVICES",
              "Which of the GPUs found count as its own, as CUDA reads it",
              "all",
              Kind.matching(
                  Pattern.compile("[A-Za-z0-9,/ -]{0,4096}"),
                  "indexes or UUIDs of GPUs, separated by commas")));
  static final Setting<String> NVML_LIBRARY =
      one(
          Setting.of(
              MACHINE,
              "NVML_LIBRARY",
              "NVIDIA's management library, which tells of GPUs: its name or path",
              "libnvidia-ml.so.1",
              Kind.matching(
                  Pattern.compile("[^\\x00-\\x1f]{1,4096}"), "the name or the path of a library")));

  static final Setting<WorkerConfig.Level> LOG_LEVEL =
      one(
          Setting.of(
              TELEMETRY,
              "LOG_LEVEL",
              "Verbosity of the log",
              "info",
              Kind.choice(WorkerConfig.Level.class)));
  static final Setting<WorkerConfig.Format> LOG_FORMAT =
      one(
          Setting.of(
              TELEMETRY,
              "LOG_FORMAT",
              "Lines for people, or one JSON object a line",
              "text",
              Kind.choice(WorkerConfig.Format.class)));
  static final Setting<Integer> METRICS_MAX_JOBS =
      one(
          Setting.of(
              TELEMETRY,
              "METRICS_MAX_JOBS",
              "Jobs that have a histogram of their own on /metrics; the oldest leave first",
              "100",
              Kind.integer(1, 10_000)));
  static final Setting<Integer> METRICS_MAX_SERIES =
      one(
          Setting.of(
              TELEMETRY,
              "METRICS_MAX_SERIES",
              "Series on /metrics, three for each running task aside; the oldest jobs leave first",
              "500",
              Kind.integer(200, 100_000)));
  static final Setting<ProfileAccess> PPROF =
      one(
          Setting.of(
              TELEMETRY,
              "PPROF",
              "Whether /debug/pprof answers; auto: only where BIND_ADDRESS is a loopback address",
              "auto",
              Kind.choice(ProfileAccess.class)));

  private Settings() {}

  static List<Setting<?>> all() {
    return Stream.concat(ALL.stream(), TlsSettings.all().stream()).toList();
  }

  private static <T> Setting<T> one(Setting<T> setting) {
    ALL.add(setting);
    return setting;
  }
}
