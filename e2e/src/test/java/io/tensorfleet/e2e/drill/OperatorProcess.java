package io.tensorfleet.e2e.drill;

import io.tensorfleet.e2e.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The operator as a process of its own, under a service account of its own; its requests are known
 * by that and by their user agent, which is its id.
 */
public final class OperatorProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final String id;
  private final Program program;
  private final int port;

  private OperatorProcess(String id, Program program, int port) {
    this.id = id;
    this.program = program;
    this.port = port;
  }

  /**
   * Starts an operator, which is ready when this returns; the ground ends it.
   *
   * @param settings its environment besides, such as ORCHESTRATOR_ADDRESS; KUBECONFIG overrides
   *     that of a service account that may do everything
   */
  public static OperatorProcess start(
      Ground ground, Cluster cluster, Map<String, String> settings) {
    var operator = launch(ground, cluster, settings);
    operator.awaitReady(START);
    return operator;
  }

  /** One that looks after this namespace alone and asks this orchestrator. */
  public static OperatorProcess start(
      Ground ground, Cluster cluster, String namespace, String orchestrator) {
    return start(
        ground,
        cluster,
        Map.of("ORCHESTRATOR_ADDRESS", orchestrator, "WATCH_NAMESPACES", namespace));
  }

  /** The same, not waiting until it is ready: one that does not lead may not become so. */
  public static OperatorProcess launch(
      Ground ground, Cluster cluster, Map<String, String> settings) {
    var folder = ground.folder("operator");
    String id = "operator-" + folder.getFileName().toString().replaceFirst("-.*", "");
    int port = freePort();
    var environment = new TreeMap<String, String>();
    environment.put("OPERATOR_ID", id);
    environment.put("METRICS_PORT", Integer.toString(port));
    environment.put("WORKER_IMAGE", Cluster.WORKER_IMAGE);
    environment.putAll(settings);
    environment.put("KUBERNETES_USER_AGENT", environment.get("OPERATOR_ID"));
    environment.computeIfAbsent("KUBECONFIG", _ -> cluster.kubeconfigOf(id).toString());
    var program = Program.start("operator", List.of(), environment, folder);
    return ground.own(new OperatorProcess(environment.get("OPERATOR_ID"), program, port));
  }

  public String id() {
    return id;
  }

  /** With its log file. */
  public Program program() {
    return program;
  }

  /** Of metrics and health. */
  public int metricsPort() {
    return port;
  }

  /** SIGKILL; gone when this returns. */
  public void kill() {
    program.close();
  }

  public void terminate() {
    signal("TERM");
  }

  public void stop() {
    signal("STOP");
  }

  public void cont() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      program.signal(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until it says that it is ready; fails at once when it ends first. */
  public void awaitReady(Duration limit) {
    Await.value(limit, id + " to be ready", this::ready);
  }

  private Optional<Boolean> ready() {
    if (!program.alive()) {
      throw new AssertionError(id + " has ended: " + program.text());
    }
    return Optional.of(status("/readyz") == 200).filter(ready -> ready);
  }

  /** The HTTP status of a page; 0 where nobody answers. */
  public int status(String path) {
    return get(path).map(HttpResponse::statusCode).orElse(0);
  }

  /** The text of a page; empty where nobody answers. */
  public String page(String path) {
    return get(path).map(HttpResponse::body).orElse("");
  }

  private Optional<HttpResponse<String>> get(String path) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(ANSWER)
            .build();
    try (var client = HttpClient.newBuilder().connectTimeout(ANSWER).build()) {
      return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException nobodyThere) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
