package io.tensorfleet.local.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the probes of one running program, in one thread of its own, until closed. */
final class ProbeRunner implements AutoCloseable {
  private final Container container;
  private final String address;
  private final Tools tools;
  private final Runnable changed;
  private final Thread thread;
  private volatile PodLife.Probes verdict = PodLife.Probes.SILENT;

  /** What all runners share. */
  record Tools(HttpClient http, InstantSource clock) {}

  ProbeRunner(Container container, String address, Tools tools, Runnable changed) {
    this.container = container;
    this.address = address;
    this.tools = tools;
    this.changed = changed;
    this.thread = Thread.ofVirtual().name("probes").start(this::run);
  }

  PodLife.Probes verdict() {
    return verdict;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      var startup = rule(container.getStartupProbe());
      if (startup.isPresent() && !awaitStart(startup.get())) {
        return;
      }
      var readiness = rule(container.getReadinessProbe());
      report(new PodLife.Probes(true, readiness.isEmpty(), true));
      watch(readiness, rule(container.getLivenessProbe()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns false when the startup probe has failed for good. */
  private boolean awaitStart(ProbeRule rule) throws InterruptedException {
    var tally = ProbeRule.Tally.begin(rule, tools.clock().instant());
    while (!tally.holds()) {
      tally = asked(rule, tally);
      if (tally.failed()) {
        report(new PodLife.Probes(false, false, false));
        return false;
      }
    }
    return true;
  }

  private void watch(Optional<ProbeRule> readiness, Optional<ProbeRule> liveness)
      throws InterruptedException {
    Instant now = tools.clock().instant();
    var ready = readiness.map(rule -> ProbeRule.Tally.begin(rule, now));
    var live = liveness.map(rule -> ProbeRule.Tally.begin(rule, now));
    while (ready.isPresent() || live.isPresent()) {
      if (ready.isPresent() && isFirst(ready.get(), live)) {
        ready = Optional.of(asked(readiness.orElseThrow(), ready.get()));
      } else {
        live = Optional.of(asked(liveness.orElseThrow(), live.orElseThrow()));
      }
      boolean alive = live.map(tally -> !tally.failed()).orElse(true);
      report(new PodLife.Probes(true, ready.map(ProbeRule.Tally::holds).orElse(true), alive));
    }
  }

  private static boolean isFirst(ProbeRule.Tally one, Optional<ProbeRule.Tally> other) {
    return other.map(tally -> !one.due().isAfter(tally.due())).orElse(true);
  }

  private ProbeRule.Tally asked(ProbeRule rule, ProbeRule.Tally tally) throws InterruptedException {
    Duration wait = Duration.between(tools.clock().instant(), tally.due());
    if (wait.isPositive()) {
      Thread.sleep(wait);
    }
    boolean success = ask(rule);
    return tally.after(rule, success, tools.clock().instant());
  }

  private void report(PodLife.Probes now) {
    if (!now.equals(verdict)) {
      verdict = now;
      changed.run();
    }
  }

  private boolean ask(ProbeRule rule) throws InterruptedException {
    try {
      return switch (rule.question()) {
        case ProbeRule.Question.Http(String url) -> get(url, rule.timeout());
        case ProbeRule.Question.Tcp(String host, int port) -> connect(host, port, rule.timeout());
      };
    } catch (IOException refused) {
      return false;
    }
  }

  private boolean get(String url, Duration timeout) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(timeout).GET().build();
    int status = tools.http().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    return status >= 200 && status < 400;
  }

  private static boolean connect(String host, int port, Duration timeout) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
      return true;
    }
  }

  /** The rule of a probe; none for a kind that is not asked (exec, grpc): those always hold. */
  private Optional<ProbeRule> rule(@Nullable Probe probe) {
    return Optional.ofNullable(probe)
        .flatMap(
            p ->
                question(p)
                    .map(
                        question ->
                            new ProbeRule(
                                question,
                                Duration.ofSeconds(or(p.getInitialDelaySeconds(), 0)),
                                Duration.ofSeconds(Math.max(1, or(p.getPeriodSeconds(), 10))),
                                Duration.ofSeconds(Math.max(1, or(p.getTimeoutSeconds(), 1))),
                                Math.max(1, or(p.getFailureThreshold(), 3)),
                                Math.max(1, or(p.getSuccessThreshold(), 1)))));
  }

  private Optional<ProbeRule.Question> question(Probe probe) {
    if (probe.getHttpGet() != null) {
      var get = probe.getHttpGet();
      String path = Optional.ofNullable(get.getPath()).orElse("/");
      return Containers.port(container, get.getPort())
          .map(port -> new ProbeRule.Question.Http("http://" + address + ":" + port + path));
    }
    if (probe.getTcpSocket() != null) {
      return Containers.port(container, probe.getTcpSocket().getPort())
          .map(port -> new ProbeRule.Question.Tcp(address, port));
    }
    return Optional.empty();
  }

  private static int or(@Nullable Integer value, int usual) {
    return value == null ? usual : value;
  }
}
