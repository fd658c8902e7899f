package io.tensorfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.limit.ApiLimits;
import io.tensorfleet.operator.limit.Throttle;
import io.tensorfleet.operator.telemetry.ApiCalls;
import io.tensorfleet.operator.telemetry.EachCall;
import io.tensorfleet.operator.telemetry.HealthServer;
import io.tensorfleet.operator.telemetry.Page;
import io.tensorfleet.operator.telemetry.PoolMetrics;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
  private static final Path COMMITTED = Path.of("../docs/reference/operator.md");

  /** What holds where these are not set is no value of theirs. */
  private static final Set<String> IN_WORDS =
      Set.of("WATCH_NAMESPACES", "WORKER_ORCHESTRATOR_ADDRESS", "LEASE_NAMESPACE", "OPERATOR_ID");

  @Test
  void theCommittedPageIsWhatTheCodeMakes() throws Exception {
    String made = new ReferencePage(page("/"), page("/metrics")).text();
    if (Boolean.getBoolean("reference.update")) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, made);
    }
    assertThat(Files.readString(COMMITTED))
        .as("%s differs from the code: run `make reference` and commit it", COMMITTED)
        .isEqualTo(made);
  }

  /** Of an operator that has a pool, on a server as an operator has it. */
  private static String page(String path) throws Exception {
    var metrics = new PoolMetrics();
    var calls = new ApiCalls();
    calls.bindTo(metrics.registry());
    EachCall.to(calls);
    metrics.leader(() -> true);
    metrics.show(new PoolKey("n", "p"), WorkerPoolStatus.empty(), Duration.ZERO);
    metrics.reconcile().record(Duration.ofMillis(1));
    metrics.decision().record(Duration.ofMillis(1));
    List<Page> pages = Page.all(metrics, Optional::empty, () -> true);
    try (var throttle = new Throttle(ApiLimits.usual());
        var server = new HealthServer(0, pages)) {
      metrics.watch(throttle);
      return read(server.port(), path);
    }
  }

  private static String read(int port, String path) throws Exception {
    try (InputStream in = URI.create("http://127.0.0.1:" + port + path).toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theDefaultsThatAreToldAreTheOnesThatHold() {
    Map<String, String> told = new HashMap<>();
    Settings.all().stream()
        .filter(setting -> setting.group() != Setting.Group.TLS)
        .filter(setting -> !IN_WORDS.contains(setting.name()))
        .forEach(setting -> told.put(setting.name(), setting.absent()));

    assertThat(OperatorConfig.fromEnvironment(told))
        .isEqualTo(OperatorConfig.fromEnvironment(Map.of()));
  }

  @Test
  void noVariableIsDeclaredTwice() {
    assertThat(Settings.all().stream().map(Setting::name)).doesNotHaveDuplicates();
  }

  @Test
  void helpNamesEachSetting() {
    assertThat(Help.text()).contains(Settings.all().stream().map(Setting::name).toList());
    assertThat(Main.answer(List.of("--nonsense"))).isEqualTo(ExitStatus.WRONG_SETTINGS);
  }
}
