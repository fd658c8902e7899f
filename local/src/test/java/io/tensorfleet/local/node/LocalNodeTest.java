package io.tensorfleet.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.tensorfleet.local.Await;
import io.tensorfleet.local.ground.EmbeddedGround;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node on the embedded API server, whose images are small shell scripts. */
class LocalNodeTest {
  private static final Map<String, List<String>> IMAGES = Map.of("sh", List.of("/bin/sh", "-c"));

  @TempDir Path home;
  private final List<NodeEvent> events = new CopyOnWriteArrayList<>();
  private EmbeddedGround ground;
  private LocalNode node;

  @BeforeEach
  void begin() {
    ground = EmbeddedGround.start(0);
    node = startNode();
  }

  @AfterEach
  void end() {
    node.close();
    ground.close();
  }

  private LocalNode startNode() {
    var backOff = new PodPlan.BackOff(Duration.ofMillis(20), Duration.ofMillis(40));
    return LocalNode.start(
        ground.client(), new NodeOptions("local", IMAGES, home, true, true, backOff), events::add);
  }

  private static Container script(String script) {
    return new ContainerBuilder().withName("worker").withImage("sh:1").withArgs(script).build();
  }

  private Pod create(String name, String restart, Container container) {
    return ground
        .client()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy(restart)
                .withTerminationGracePeriodSeconds(60L)
                .withContainers(container)
                .endSpec()
                .build())
        .create();
  }

  private Pod get(String name) {
    return ground.client().pods().inNamespace("default").withName(name).get();
  }

  private ContainerStatus await(String name, Predicate<ContainerStatus> condition) {
    Await.until(
        name,
        () ->
            get(name).getStatus() != null
                && get(name).getStatus().getContainerStatuses().stream().anyMatch(condition),
        () -> get(name).getStatus());
    return get(name).getStatus().getContainerStatuses().getFirst();
  }

  private boolean isReady(String name) {
    return get(name).getStatus() != null
        && get(name).getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private boolean hasEnded(String name, int code) {
    return events.stream()
        .anyMatch(
            e ->
                e instanceof NodeEvent.Ended end
                    && end.pod().equals(name)
                    && end.exitCode() == code);
  }

  private void awaitEnd(String name, int code) {
    Await.until("end of " + name + " with " + code, () -> hasEnded(name, code), () -> events);
  }

  private void awaitText(Path file) {
    Await.until("text in " + file, () -> file.toFile().length() > 0, () -> file);
  }

  @Test
  void aPodIsBoundStartedAndReadyOnAnAddressOfItsOwn() {
    create("a", "Never", script("exec sleep 1000"));
    create("b", "Never", script("exec sleep 1000"));

    Await.until("a and b ready", () -> isReady("a") && isReady("b"), () -> events);
    assertThat(get("a").getSpec().getNodeName()).isEqualTo("local");
    assertThat(get("a").getStatus().getPhase()).isEqualTo("Running");
    assertThat(get("a").getStatus().getPodIP())
        .startsWith("127.")
        .isNotEqualTo(get("b").getStatus().getPodIP());
  }

  @Test
  void itsEnvironmentIsThePodsAndItsOutputIsLogged() throws Exception {
    var container =
        new ContainerBuilder(script("echo $WHO on $BIND_ADDRESS"))
            .addNewEnv()
            .withName("WHO")
            .withNewValueFrom()
            .withNewFieldRef("v1", "metadata.name")
            .endValueFrom()
            .endEnv()
            .build();
    create("a", "Never", container);

    await("a", status -> status.getState().getTerminated() != null);
    assertThat(Files.readString(home.resolve("logs/a.log")))
        .isEqualTo("a on " + get("a").getStatus().getPodIP() + "\n");
  }

  @Test
  void exitCodesBecomePhases() {
    create("good", "Never", script("exit 0"));
    create("bad", "Never", script("exit 3"));

    await("good", status -> status.getState().getTerminated() != null);
    var bad = await("bad", status -> status.getState().getTerminated() != null);
    assertThat(get("good").getStatus().getPhase()).isEqualTo("Succeeded");
    assertThat(get("bad").getStatus().getPhase()).isEqualTo("Failed");
    assertThat(bad.getState().getTerminated().getExitCode()).isEqualTo(3);
  }

  @Test
  void aProgramThatKeepsCrashingIsStartedAgainAndCounted() {
    create("a", "Always", script("exit 4"));

    var status = await("a", s -> s.getRestartCount() >= 3);
    assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(4);
    assertThat(isReady("a")).isFalse();
  }

  @Test
  void aKilledProgramIsStartedAgain() {
    create("a", "Always", script("exec sleep 1000"));
    Await.until("a ready", () -> isReady("a"), () -> events);

    assertThat(node.kill("a")).isTrue();

    awaitEnd("a", 137);
    var status = await("a", s -> s.getRestartCount() == 1 && s.getState().getRunning() != null);
    assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(137);
    assertThat(node.kill("nobody")).isFalse();
  }

  @Test
  void aDeletedPodIsAskedToEndAndMayFinish() {
    var mark = home.resolve("mark");
    create(
        "a",
        "Always",
        script("trap 'exit 7' TERM; echo > " + mark + "; while :; do sleep 0.02; done"));
    awaitText(mark);

    ground.client().pods().inNamespace("default").withName("a").delete();

    awaitEnd("a", 7);
    Await.until("no agent", () -> node.podNames().isEmpty(), node::podNames);
  }

  @Test
  void aProgramThatIgnoresSigtermIsKilledAfterItsGrace() {
    var mark = home.resolve("mark");
    create(
        "a", "Always", script("trap '' TERM; echo > " + mark + "; while :; do sleep 0.02; done"));
    awaitText(mark);

    node.drain(Duration.ofMillis(100));

    assertThat(hasEnded("a", 137)).isTrue();
    assertThat(get("a")).isNull();
  }

  @Test
  void anUnknownImageIsSaidInTheStatus() {
    create("a", "Always", new ContainerBuilder(script("x")).withImage("nobody/knows:1").build());

    var status = await("a", s -> s.getState().getWaiting() != null);
    assertThat(status.getState().getWaiting().getReason()).isEqualTo("ImagePullBackOff");
    assertThat(status.getState().getWaiting().getMessage()).contains("nobody/knows:1", "sh");
    assertThat(get("a").getStatus().getPhase()).isEqualTo("Pending");
  }

  @Test
  void readinessFollowsTheProbe() throws Exception {
    int port = freePort();
    var container =
        new ContainerBuilder(script("exec sleep 1000"))
            .addNewPort()
            .withName("metrics")
            .withContainerPort(port)
            .endPort()
            .withNewReadinessProbe()
            .withNewHttpGet()
            .withPath("/readyz")
            .withNewPort("metrics")
            .endHttpGet()
            .withPeriodSeconds(1)
            .endReadinessProbe()
            .build();
    create("a", "Always", container);
    await("a", s -> s.getState().getRunning() != null);
    assertThat(isReady("a")).isFalse();

    var server =
        com.sun.net.httpserver.HttpServer.create(
            new java.net.InetSocketAddress(get("a").getStatus().getPodIP(), port), 0);
    server.createContext(
        "/readyz",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    Await.until("a ready", () -> isReady("a"), () -> get("a").getStatus());
    server.stop(0);
    Await.until("a not ready", () -> !isReady("a"), () -> get("a").getStatus());
  }

  @Test
  void aClosedNodeLeavesNoProcess() {
    create("a", "Always", script("exec sleep 1000"));
    Await.until("a ready", () -> isReady("a"), () -> events);

    node.close();

    assertThat(events)
        .filteredOn(NodeEvent.Started.class::isInstance)
        .allSatisfy(e -> assertThat(ProcessHandle.of(((NodeEvent.Started) e).pid())).isEmpty());
    assertThat(get("a")).isNull();
  }

  private static int freePort() throws Exception {
    try (var socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
