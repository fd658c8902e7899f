package io.tensorfleet.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.api.ApiWriter;
import io.tensorfleet.operator.lead.LeaseKeeper;
import io.tensorfleet.operator.limit.Throttle;
import io.tensorfleet.operator.pods.PodDefaults;
import io.tensorfleet.operator.pool.PoolReconciler;
import io.tensorfleet.operator.pool.Surroundings;
import io.tensorfleet.operator.queue.Channels;
import io.tensorfleet.operator.queue.Cordons;
import io.tensorfleet.operator.queue.QueueWatcher;
import io.tensorfleet.operator.queue.WatchTiming;
import io.tensorfleet.operator.telemetry.ApiCalls;
import io.tensorfleet.operator.telemetry.HealthServer;
import io.tensorfleet.operator.telemetry.Page;
import io.tensorfleet.operator.telemetry.PoolMetrics;
import io.tensorfleet.operator.telemetry.Pulse;
import io.tensorfleet.operator.tls.LiveTls;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running operator. Closing it stops acting, gives the Lease back and leaves the client open. */
public final class Operator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Operator.class);

  private static final long PAGE = 500L;

  private final Optional<LiveTls> tls;
  private final Channels channels;
  private final PoolMetrics metrics = new PoolMetrics();
  private final ExecutorService loop =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("pool-", 0).factory());
  private final Pulse pulse = Pulse.of(loop);
  private final Throttle throttle;
  private final Leadership leadership;
  private final Namespaces namespaces;
  private final PoolReconciler reconciler;
  private final io.javaoperatorsdk.operator.Operator framework;
  private final HealthServer health;

  private Operator(
      OperatorConfig config, KubernetesClient client, ApiCalls calls, Runnable whenLeadershipLost) {
    throttle = new Throttle(config.apiLimits());
    calls.bindTo(metrics.registry());
    calls.whenAskedToWait(throttle::asked);
    metrics.watch(throttle);
    namespaces = new Namespaces(config.watchNamespaces(), client);
    tls = config.tls().map(files -> LiveTls.of(files, InstantSource.system()));
    channels = Channels.open(tls);
    leadership = Leadership.of(client, config, calls, new Election(whenLeadershipLost));
    metrics.leader(leadership.mandate());
    reconciler = reconciler(config);
    framework = new io.javaoperatorsdk.operator.Operator(overrider -> configure(overrider, client));
    namespaces.follow(
        framework.register(
            new PulsedReconciler(reconciler, pulse),
            overrider -> configure(overrider, namespaces.watched())),
        leadership.mandate());
    health =
        new HealthServer(
            config.metricsPort(),
            Page.all(metrics, this::trouble, () -> framework.getRuntimeInfo().isStarted()));
  }

  /** Starts an operator; it looks after pools when this returns, or when it has won the Lease. */
  public static Operator start(OperatorConfig config, KubernetesClient client) {
    return start(config, client, new ApiCalls(), () -> {});
  }

  /**
   * @param calls hears of each call of the client
   * @param whenLeadershipLost called once when the Lease is lost; the operator acts no more
   */
  static Operator start(
      OperatorConfig config, KubernetesClient client, ApiCalls calls, Runnable whenLeadershipLost) {
    var operator = new Operator(config, client, calls, whenLeadershipLost);
    try {
      operator.framework.start();
      operator.leadership.start();
    } catch (RuntimeException e) {
      operator.close();
      throw e;
    }
    log.info(
        "operator {} started: namespaces {}, orchestrator {}, metrics on port {}",
        config.identity(),
        config.watchNamespaces().isEmpty() ? "all" : config.watchNamespaces(),
        config.orchestratorAddress(),
        operator.metricsPort());
    return operator;
  }

  private Optional<String> trouble() {
    return pulse.trouble().or(throttle::trouble);
  }

  /** The port of metrics and health. */
  public int metricsPort() {
    return health.port();
  }

  @Override
  public void close() {
    leadership.stopActing();
    throttle.close();
    health.close();
    pulse.close();
    namespaces.close();
    framework.stop();
    reconciler.close();
    leadership.close();
    channels.close();
    tls.ifPresent(LiveTls::close);
  }

  /** Wakes every pool when this operator begins to act. */
  private final class Election implements LeaseKeeper.Listener {
    private final Runnable whenLost;

    Election(Runnable whenLost) {
      this.whenLost = whenLost;
    }

    @Override
    public void begins() {
      reconciler.wakeAll();
    }

    @Override
    public void lost(String sentence) {
      log.error("{}: it stops", sentence);
      whenLost.run();
    }
  }

  private PoolReconciler reconciler(OperatorConfig config) {
    InstantSource clock = InstantSource.system();
    var around =
        new Surroundings(
            ApiWriter.of(config.apiMode(), leadership.acting(), throttle),
            Cordons.overGrpc(channels, leadership.mandate()),
            metrics,
            new PodDefaults(config.workerImage(), config.workerOrchestratorAddress()),
            config.orchestratorAddress(),
            clock,
            leadership.mandate(),
            config.identity());
    return new PoolReconciler(
        around, listener -> new QueueWatcher(channels, WatchTiming.usual(), clock, listener));
  }

  private void configure(ConfigurationServiceOverrider service, KubernetesClient client) {
    service
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        .withExecutorService(loop)
        .withReconciliationTerminationTimeout(Duration.ofSeconds(5));
  }

  private static void configure(
      ControllerConfigurationOverrider<WorkerPool> controller, Set<String> namespaces) {
    controller
        .withName("workerpool")
        .withFieldManager(ApiWriter.FIELD_MANAGER)
        .withInformerListLimit(PAGE)
        .withRetry(
            new GenericRetry()
                .setInitialInterval(200)
                .setIntervalMultiplier(2)
                .setMaxInterval(10_000)
                .withoutMaxAttempts());
    if (namespaces.isEmpty()) {
      controller.watchingAllNamespaces();
    } else {
      controller.settingNamespaces(namespaces);
    }
  }
}
