package io.tensorfleet.worker;

import io.tensorfleet.worker.core.Curve;
import io.tensorfleet.worker.core.ProfileAccess;
import io.tensorfleet.worker.core.SimulationPlan;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.machine.Gpus;
import io.tensorfleet.worker.tls.TlsFiles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Everything that can be set on a worker, read from its environment. */
public record WorkerConfig(
    Identity identity,
    Network network,
    Tls tls,
    Work work,
    SimulationPlan.Defaults simulation,
    Machine machine,
    Log log,
    Series series) {

  /** Who it is and what it serves. */
  public record Identity(String workerId, List<String> queues, Map<String, String> labels) {
    public Identity {
      queues = List.copyOf(queues);
      labels = Map.copyOf(labels);
    }
  }

  /** Where it listens and whom it calls. */
  public record Network(
      String orchestratorAddress,
      String bindAddress,
      int workerPort,
      int metricsPort,
      ProfileAccess profiles) {}

  /**
   * Files of TLS, checked as they were read.
   *
   * @param client absent: the connection to the orchestrator is plaintext
   * @param serverName absent: the host of the orchestrator's address
   * @param server absent: the worker's own gRPC is plaintext
   */
  public record Tls(
      Optional<TlsFiles> client, Optional<String> serverName, Optional<TlsFiles> server) {}

  /**
   * How it works; an absent heartbeat interval leaves it to the orchestrator.
   *
   * @param handBackAfter absent: a task may stay as long as it runs
   */
  public record Work(
      int maxConcurrentTasks,
      Optional<Duration> heartbeatInterval,
      TaskTimeout taskTimeout,
      Duration drainTimeout,
      Optional<Duration> handBackAfter) {}

  /**
   * Overrides of what is measured, and how GPUs are found.
   *
   * @param visibleGpus as CUDA reads CUDA_VISIBLE_DEVICES
   */
  public record Machine(
      Optional<Integer> cpuCores,
      Optional<Long> memoryBytes,
      Optional<Integer> gpuCount,
      Optional<String> visibleGpus,
      String nvmlLibrary) {}

  /** Bounds on the metrics page: jobs with a histogram of their own, and series in all. */
  public record Series(int maxJobs, int maxSeries) {}

  /** What the log looks like. */
  public record Log(Level level, Format format) {}

  /** Verbosity. */
  public enum Level {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** Lines for people, or one JSON object a line. */
  public enum Format {
    TEXT,
    JSON
  }

  /** What runs the tasks. */
  public enum Engine {
    SIMULATION
  }

  /**
   * Reads and checks all settings.
   *
   * @param freshId makes a worker id where none is set
   * @throws ConfigException with every mistake, a line each
   */
  public static WorkerConfig fromEnvironment(
      Map<String, String> variables, Supplier<String> freshId) throws ConfigException {
    Environment env = new Environment(variables);
    var _ = Settings.ENGINE.in(env);
    WorkerConfig config =
        new WorkerConfig(
            identity(env, freshId),
            network(env),
            TlsSettings.in(env),
            work(env),
            simulation(env),
            machine(env),
            log(env),
            series(env));
    if (!env.mistakes().isEmpty()) {
      throw new ConfigException(env.mistakes());
    }
    return config;
  }

  private static Identity identity(Environment env, Supplier<String> freshId) {
    return new Identity(
        Settings.WORKER_ID.in(env).orElseGet(freshId),
        Settings.QUEUES.in(env).orElse(List.of("default")),
        Settings.LABELS.in(env).orElse(Map.of()));
  }

  private static Network network(Environment env) {
    return new Network(
        Settings.ORCHESTRATOR_ADDRESS.in(env).orElse("localhost:50051"),
        Settings.BIND_ADDRESS.in(env).orElse("0.0.0.0"),
        Settings.WORKER_PORT.in(env).orElse(50052),
        Settings.METRICS_PORT.in(env).orElse(2112),
        Settings.PPROF.in(env).orElse(ProfileAccess.AUTO));
  }

  private static Work work(Environment env) {
    Optional<Duration> timeout = Settings.TASK_TIMEOUT.in(env);
    return new Work(
        Settings.MAX_CONCURRENT_TASKS.in(env).orElse(3),
        Settings.HEARTBEAT_INTERVAL.in(env),
        new TaskTimeout(timeout.orElse(Duration.ofMinutes(5)), timeout.isPresent()),
        Settings.DRAIN_TIMEOUT.in(env).orElse(Duration.ofMinutes(10)),
        Settings.HAND_BACK_AFTER.in(env));
  }

  private static SimulationPlan.Defaults simulation(Environment env) {
    return new SimulationPlan.Defaults(
        Settings.SIMULATION_SPEED.in(env).orElse(1.0),
        Settings.SIMULATION_CURVE.in(env).orElse(Curve.LOOP),
        Settings.SIMULATION_FAULTS.in(env).orElse(SimulationPlan.Faults.REFUSED));
  }

  private static Machine machine(Environment env) {
    return new Machine(
        Settings.CPU_CORES.in(env),
        Settings.MEMORY_GB.in(env).map(gigabytes -> Math.round(gigabytes * (1L << 30))),
        Settings.GPU_COUNT.in(env),
        Settings.CUDA_VISIBLE_DEVICES.in(env),
        Settings.NVML_LIBRARY.in(env).orElse(Gpus.LIBRARY));
  }

  private static Series series(Environment env) {
    return new Series(
        Settings.METRICS_MAX_JOBS.in(env).orElse(100),
        Settings.METRICS_MAX_SERIES.in(env).orElse(500));
  }

  private static Log log(Environment env) {
    return new Log(
        Settings.LOG_LEVEL.in(env).orElse(Level.INFO),
        Settings.LOG_FORMAT.in(env).orElse(Format.TEXT));
  }
}
