package io.tensorfleet.worker.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.tensorfleet.worker.core.ScrapeFormat;
import io.tensorfleet.worker.profile.Pprof;
import io.tensorfleet.worker.telemetry.HealthReport;
import io.tensorfleet.worker.telemetry.WorkerMetrics;
import java.util.List;
import java.util.function.Supplier;

/** What the pages show. */
public record Pages(
    Supplier<HealthReport> health, WorkerMetrics metrics, HttpHandler profiles, LogLevel level) {

  /** All of them. */
  public List<Page> all() {
    return List.of(
        Page.read("/health", "How the worker stands, as JSON; always 200", _ -> healthPage()),
        Page.read("/livez", "200 while the worker's loop comes round, else 503", _ -> alive()),
        Page.read(
            "/readyz", "200 while it has a session and does not drain, else 503", _ -> ready()),
        Page.read(
            "/metrics",
            "Prometheus text, or OpenMetrics where Accept prefers it",
            this::metricsPage),
        Page.at(
            "/loglevel",
            "The log's level; PUT changes it. For callers on this machine",
            new LogLevelPage(level)::answer),
        new Page(Pprof.PATH, "Profiles for go tool pprof, and what there is below", profiles));
  }

  private Answer healthPage() {
    return Answer.of(200, "application/json", health.get().json());
  }

  private Answer alive() {
    return health.get().alive()
        ? Answer.text(200, "alive")
        : Answer.text(503, "not alive: the session's loop has hung for more than 30 s");
  }

  private Answer ready() {
    HealthReport report = health.get();
    return report.ready()
        ? Answer.text(200, "ready")
        : Answer.text(
            503,
            "not ready: orchestrator %s, %s"
                .formatted(report.facts().connection().wireName(), report.facts().drain()));
  }

  private Answer metricsPage(HttpExchange exchange) {
    String accept =
        String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
    String type = ScrapeFormat.of(accept).contentType();
    return Answer.of(200, type, metrics.scrape(type));
  }
}
