package io.tensorfleet.worker;

import io.tensorfleet.worker.core.Curve;
import io.tensorfleet.worker.core.ProfileAccess;
import io.tensorfleet.worker.core.SimulationPlan;
import io.tensorfleet.worker.core.TaskTimeout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Everything that can be set on a worker, read from its environment. */
public record WorkerConfig(
    Identity identity,
    Network network,
    Work work,
    SimulationPlan.Defaults simulation,
    Machine machine,
    Log log) {

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

  /** How it works; an absent heartbeat interval leaves it to the orchestrator. */
  public record Work(
      int maxConcurrentTasks,
      Optional<Duration> heartbeatInterval,
      TaskTimeout taskTimeout,
      Duration drainTimeout) {}

  /** Overrides of what is measured. */
  public record Machine(
      Optional<Integer> cpuCores, Optional<Long> memoryBytes, Optional<Integer> gpuCount) {}

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

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,253}");
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9-]{1,63}");
  private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9._/-]{1,316}");
  private static final Pattern LABEL_VALUE = Pattern.compile("[A-Za-z0-9._-]{0,63}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}");
  private static final Pattern TARGET =
      Pattern.compile(
          "(?:dns:///)?(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]):([0-9]{1,5})");

  /**
   * Reads and checks all settings.
   *
   * @param freshId makes a worker id where none is set
   * @throws ConfigException with every mistake, a line each
   */
  public static WorkerConfig fromEnvironment(
      Map<String, String> variables, Supplier<String> freshId) throws ConfigException {
    Environment env = new Environment(variables);
    env.choice(Engine.class, Engine.SIMULATION, "ENGINE");
    WorkerConfig config =
        new WorkerConfig(
            identity(env, freshId),
            network(env),
            work(env),
            simulation(env),
            machine(env),
            log(env));
    if (!env.mistakes().isEmpty()) {
      throw new ConfigException(env.mistakes());
    }
    return config;
  }

  private static Identity identity(Environment env, Supplier<String> freshId) {
    return new Identity(
        env.matching(ID, "1 to 253 characters of [A-Za-z0-9._-]", "WORKER_ID").orElseGet(freshId),
        env.read(
                WorkerConfig::queues,
                "names of [a-z0-9-], 1 to 63 characters, separated by commas",
                "QUEUES")
            .orElse(List.of("default")),
        env.read(WorkerConfig::labels, "key=value, separated by commas", "LABELS")
            .orElse(Map.of()));
  }

  private static Network network(Environment env) {
    return new Network(
        env.read(
                WorkerConfig::target,
                "host:port or dns:///host:port, port from 1 to 65535",
                "ORCHESTRATOR_ADDRESS",
                "ORCHESTRATOR_ADDR")
            .orElse("localhost:50051"),
        env.matching(HOST, "a host name or an IP address", "BIND_ADDRESS").orElse("0.0.0.0"),
        env.integer(0, 65535, 50052, "WORKER_PORT", "PORT"),
        env.integer(0, 65535, 2112, "METRICS_PORT"),
        env.choice(ProfileAccess.class, ProfileAccess.AUTO, "PPROF"));
  }

  private static Work work(Environment env) {
    Optional<Duration> timeout = env.duration("TASK_TIMEOUT");
    return new Work(
        env.integer(1, 1024, 3, "MAX_CONCURRENT_TASKS"),
        env.duration("HEARTBEAT_INTERVAL"),
        new TaskTimeout(timeout.orElse(Duration.ofMinutes(5)), timeout.isPresent()),
        env.duration("DRAIN_TIMEOUT").orElse(Duration.ofMinutes(10)));
  }

  private static SimulationPlan.Defaults simulation(Environment env) {
    return new SimulationPlan.Defaults(
        env.decimal(0, 1000, "SIMULATION_SPEED").orElse(1.0),
        env.choice(Curve.class, Curve.LOOP, "SIMULATION_CURVE"),
        env.choice(
            SimulationPlan.Faults.class, SimulationPlan.Faults.REFUSED, "SIMULATION_FAULTS"));
  }

  private static Machine machine(Environment env) {
    return new Machine(
        env.optionalInteger(1, 65_536, "CPU_CORES"),
        env.decimal(0.001, 1_048_576, "MEMORY_GB")
            .map(gigabytes -> Math.round(gigabytes * (1L << 30))),
        env.optionalInteger(0, 1024, "GPU_COUNT"));
  }

  private static Log log(Environment env) {
    return new Log(
        env.choice(Level.class, Level.INFO, "LOG_LEVEL"),
        env.choice(Format.class, Format.TEXT, "LOG_FORMAT"));
  }

  private static Optional<String> target(String text) {
    var matcher = TARGET.matcher(text);
    return matcher.matches() && isPort(matcher.group(1)) ? Optional.of(text) : Optional.empty();
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port >= 1 && port <= 65535;
  }

  private static Optional<List<String>> queues(String text) {
    List<String> names = Arrays.stream(text.split(",", -1)).map(String::strip).distinct().toList();
    return names.stream().allMatch(name -> QUEUE.matcher(name).matches())
        ? Optional.of(names)
        : Optional.empty();
  }

  private static Optional<Map<String, String>> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        return Optional.empty();
      }
      String key = pair.substring(0, equals).strip();
      String value = pair.substring(equals + 1).strip();
      if (!LABEL_KEY.matcher(key).matches() || !LABEL_VALUE.matcher(value).matches()) {
        return Optional.empty();
      }
      labels.put(key, value);
    }
    return Optional.of(labels);
  }
}
