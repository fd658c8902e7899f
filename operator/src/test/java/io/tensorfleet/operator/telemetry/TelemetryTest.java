package io.tensorfleet.operator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.PoolKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private static final PoolKey POOL = new PoolKey("n", "demo");

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());
  private final AtomicBoolean ready = new AtomicBoolean();
  private final PoolMetrics metrics = new PoolMetrics(nanos::get);
  private final HealthServer server =
      new HealthServer(0, Page.all(metrics, trouble::get, ready::get));

  @AfterEach
  void close() {
    server.close();
  }

  private HttpResponse<String> ask(String method, String path, String accept) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Accept", accept)
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  /** Workers: so many there, of which these are busy and idle. */
  private void shows(int there, int busy, int idle, int draining) {
    var empty = WorkerPoolStatus.empty();
    metrics.show(
        POOL,
        new WorkerPoolStatus(
            empty.observedGeneration(),
            there,
            busy + idle,
            there - busy - idle,
            busy,
            idle,
            draining,
            there,
            there,
            empty.selector(),
            empty.revision(),
            new WorkerPoolStatus.QueueStatus(7L, 3L, "1m", "2026-01-01T00:00:00Z"),
            empty.decision(),
            empty.lastScaleTime(),
            empty.lastScaleReason(),
            empty.replacements(),
            empty.conditions()),
        Duration.ofSeconds(61));
  }

  private void pass(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private String series(String name, String state) {
    String label = state.isEmpty() ? "" : ",state=\"" + state + "\"";
    String series = "tensorfleet_pool_" + name + "{namespace=\"n\",pool=\"demo\"" + label + "} ";
    return metrics
        .text()
        .lines()
        .filter(line -> line.startsWith(series))
        .findFirst()
        .map(line -> line.substring(series.length()))
        .orElse("none");
  }

  @Test
  void eachWorkerIsInOneState() {
    shows(5, 2, 1, 1);

    assertThat(series("replicas", "starting")).isEqualTo("2.0");
    assertThat(series("replicas", "busy")).isEqualTo("2.0");
    assertThat(series("replicas", "idle")).isEqualTo("1.0");
    assertThat(series("replicas", "draining")).isEqualTo("1.0");
    assertThat(series("pending", "")).isEqualTo("7.0");
    assertThat(series("oldest_age_seconds", "")).isEqualTo("61.0");
  }

  @Test
  void workerSecondsGrowWithTheWorkersOfEachStateAlsoBetweenTwoLooks() {
    shows(3, 2, 1, 0);
    pass(10);
    shows(3, 0, 3, 0);
    pass(5);

    assertThat(series("worker_seconds_total", "busy")).isEqualTo("20.0");
    assertThat(series("worker_seconds_total", "idle")).isEqualTo("25.0");
    pass(5);
    assertThat(series("worker_seconds_total", "idle")).isEqualTo("40.0");
  }

  @Test
  void aPoolThatIsGoneLeavesNoSeries() {
    shows(1, 1, 0, 0);
    metrics.count(POOL, "created", 1);

    metrics.forget(POOL);

    assertThat(metrics.text()).doesNotContain("demo");
  }

  @Test
  void thePageOfAThousandPoolsIsOfAFewMegabytes() {
    for (int n = 0; n < 1_000; n++) {
      metrics.show(
          new PoolKey("team-" + n % 20, "pool-" + n), WorkerPoolStatus.empty(), Duration.ZERO);
    }

    assertThat(metrics.text().getBytes(StandardCharsets.UTF_8).length)
        .isBetween(1_000_000, 4_000_000);
  }

  @Test
  void healthIsToldByStatusAndInWords() throws Exception {
    assertThat(ask("GET", "/livez", "*/*").statusCode()).isEqualTo(200);
    assertThat(ask("GET", "/readyz", "*/*").statusCode()).isEqualTo(503);
    trouble.set(Optional.of("the look at pool n/demo hangs"));
    ready.set(true);
    assertThat(ask("GET", "/livez", "*/*").body())
        .isEqualTo("not alive: the look at pool n/demo hangs\n");
    assertThat(ask("GET", "/livez", "*/*").statusCode()).isEqualTo(503);
    assertThat(ask("GET", "/readyz", "*/*").statusCode()).isEqualTo(200);
  }

  @Test
  void anythingElseIsRefusedWithAWord() throws Exception {
    assertThat(ask("GET", "/metricsandmore", "*/*").statusCode()).isEqualTo(404);
    assertThat(ask("GET", "/metrics/", "*/*").statusCode()).isEqualTo(404);
    assertThat(ask("GET", "/nothing", "*/*").body()).contains("no such page");
    var post = ask("POST", "/metrics", "*/*");
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
    assertThat(ask("HEAD", "/metrics", "*/*").body()).isEmpty();
    assertThat(ask("GET", "/", "*/*").body()).contains("/livez", "/readyz", "/metrics");
  }

  @Test
  void openMetricsComesWhereItIsPreferred() throws Exception {
    String open = "application/openmetrics-text; version=1.0.0";
    assertThat(ask("GET", "/metrics", open + ",text/plain;q=0.5").body()).endsWith("# EOF\n");
    assertThat(ask("GET", "/metrics", open).headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(ask("GET", "/metrics", open + ";q=0.1,text/plain").body()).doesNotContain("# EOF");
    assertThat(ask("GET", "/metrics", "*/*").body()).doesNotContain("# EOF");
  }

  @Test
  void aLoopWhoseThreadsHangIsNotAliveAndOneWhoseStepsEndIs() {
    var pulse = new Pulse(nanos::get);
    Deque<Runnable> loop = new ArrayDeque<>();
    pulse.ask(loop::add);
    pass(119);
    assertThat(pulse.trouble()).isEmpty();
    pass(1);
    assertThat(pulse.trouble())
        .as("the question was not answered")
        .contains("no step of the loop has ended for 2 minutes");

    pulse.beat();
    assertThat(pulse.trouble()).as("a step of work ended").isEmpty();
    pass(200);
    pulse.ask(loop::add);
    assertThat(loop).as("one question at a time").hasSize(1);
    loop.remove().run();
    assertThat(pulse.trouble()).isEmpty();
  }

  @Test
  void aPodThatDidNotServeIsCountedByItsCauseAndThereAreOnlyTheKnownOnes() {
    metrics.failed(POOL, "image");
    metrics.failed(POOL, "image");
    metrics.failed(POOL, PoolFamily.ENDED);

    assertThat(metrics.text())
        .contains(
            "tensorfleet_pool_failed_pods_total{cause=\"image\",namespace=\"n\",pool=\"demo\"} 2.0",
            "tensorfleet_pool_failed_pods_total{cause=\"ended\",namespace=\"n\",pool=\"demo\"} 1.0",
            "tensorfleet_pool_failed_pods_total{cause=\"config\",namespace=\"n\",pool=\"demo\"} 0.0");
    assertThat(PoolFamily.FAILED_PODS.labelValues())
        .containsExactly(
            "config",
            "image",
            "crash_loop",
            "unschedulable",
            "node_lost",
            "stuck",
            "not_ready",
            "ended");
  }
}
