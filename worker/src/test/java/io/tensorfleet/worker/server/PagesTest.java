package io.tensorfleet.worker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.worker.WorkerConfig;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.session.Facts;
import io.tensorfleet.worker.telemetry.HealthReport;
import io.tensorfleet.worker.telemetry.WorkerMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The pages as callers get them, of a worker whose facts are in the test's hand. */
class PagesTest {
  private final Facts facts = new Facts(Instant.EPOCH);
  private final WorkerMetrics metrics =
      new WorkerMetrics(
          facts, new Slots(1), () -> new Usage(0, 0), new WorkerConfig.Series(100, 500));
  private final Pages pages =
      new Pages(
          () -> new HealthReport("w", facts, new Usage(0, 0), Instant.EPOCH),
          metrics,
          exchange -> Answer.text(501, "no profiles").send(exchange),
          new Quiet());
  private final HttpEndpoints http =
      new HttpEndpoints(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), pages.all());
  private final HttpClient client = HttpClient.newHttpClient();

  private static final class Quiet implements LogLevel {
    @Override
    public String shown() {
      return "info";
    }

    @Override
    public String accepted() {
      return "info";
    }

    @Override
    public boolean set(String level) {
      return false;
    }
  }

  @AfterEach
  void close() {
    client.close();
    http.close();
  }

  private HttpResponse<String> get(String path, String accept)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + http.port() + path);
    return client.send(
        HttpRequest.newBuilder(uri).header("Accept", accept).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String type(HttpResponse<String> answer) {
    return answer.headers().firstValue("Content-Type").orElse("");
  }

  @Test
  void livezIs503WhileTheLoopHangsAnd200WhenItComesRoundAgain() throws Exception {
    facts.cameRound(System.nanoTime() - Duration.ofSeconds(31).toNanos());
    HttpResponse<String> hanging = get("/livez", "*/*");
    assertThat(hanging.statusCode()).isEqualTo(503);
    assertThat(hanging.body()).contains("loop").hasLineCount(1);
    facts.cameRound(System.nanoTime());
    assertThat(get("/livez", "*/*").statusCode()).isEqualTo(200);
  }

  @Test
  void aWorkerWhoseLoopHangsStillTellsHowItStands() throws Exception {
    facts.cameRound(System.nanoTime() - Duration.ofHours(1).toNanos());
    assertThat(get("/health", "*/*").statusCode()).isEqualTo(200);
    assertThat(get("/metrics", "*/*").statusCode()).isEqualTo(200);
  }

  @Test
  void whoAsksForOpenMetricsGetsThemToTheirEndMark() throws Exception {
    HttpResponse<String> page =
        get("/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
    assertThat(type(page)).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(page.body()).contains("worker_heartbeats_total 0.0").endsWith("# EOF\n");
  }

  @Test
  void whoAsksForNothingElseGetsPrometheusText() throws Exception {
    HttpResponse<String> page = get("/metrics", "text/html,*/*;q=0.8");
    assertThat(type(page)).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(page.body()).contains("worker_heartbeats_total 0.0").doesNotContain("# EOF");
  }
}
