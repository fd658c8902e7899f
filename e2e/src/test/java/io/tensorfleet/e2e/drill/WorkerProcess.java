package io.tensorfleet.e2e.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tensorfleet.e2e.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A worker process, and what can be asked of it from outside. */
public final class WorkerProcess implements AutoCloseable {
  private static final Pattern LISTENS =
      Pattern.compile("listens on [^ ]+ HTTP ([0-9]+), gRPC ([0-9]+)");
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final String id;
  private final Program program;
  private final String host;
  private final int httpPort;
  private final int grpcPort;

  private WorkerProcess(String id, Program program, String host, Ports ports) {
    this.id = id;
    this.program = program;
    this.host = host;
    this.httpPort = ports.http();
    this.grpcPort = ports.grpc();
  }

  private record Ports(int http, int grpc) {
    /** As its log names them. */
    static Ports said(Program program) {
      var ports = program.said(LISTENS);
      return new Ports(Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)));
    }
  }

  /**
   * Where a worker runs.
   *
   * @param before words that bring its process there
   * @param host its address as the drill sees it
   */
  public record Place(List<String> before, String host) {
    public static final Place LOOPBACK = new Place(List.of(), "127.0.0.1");

    public Place {
      before = List.copyOf(before);
    }
  }

  /** Starts a worker on loopback and waits until it listens. */
  public static WorkerProcess start(String id, Map<String, String> settings, Path folder) {
    return start(id, settings, folder, Place.LOOPBACK);
  }

  public static WorkerProcess start(
      String id, Map<String, String> settings, Path folder, Place place) {
    var environment = new TreeMap<>(Map.of("WORKER_ID", id, "BIND_ADDRESS", place.host()));
    environment.put("WORKER_PORT", "0");
    environment.put("METRICS_PORT", "0");
    environment.putAll(settings);
    var program = Program.start("worker", place.before(), environment, folder);
    try {
      return new WorkerProcess(id, program, place.host(), Ports.said(program));
    } catch (RuntimeException | Error e) {
      program.close();
      throw e;
    }
  }

  /** Starts one whose log need not be readable: its ports are chosen here. */
  public static WorkerProcess startUnread(String id, Map<String, String> settings, Path folder) {
    var ports = new Ports(freePort(), freePort());
    var environment = new TreeMap<>(Map.of("WORKER_ID", id, "BIND_ADDRESS", "127.0.0.1"));
    environment.put("METRICS_PORT", Integer.toString(ports.http()));
    environment.put("WORKER_PORT", Integer.toString(ports.grpc()));
    environment.putAll(settings);
    var program = Program.start("worker", List.of(), environment, folder);
    return new WorkerProcess(id, program, "127.0.0.1", ports);
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String id() {
    return id;
  }

  public Program program() {
    return program;
  }

  public String host() {
    return host;
  }

  public int httpPort() {
    return httpPort;
  }

  public int grpcPort() {
    return grpcPort;
  }

  /** The page of this path. */
  public String page(String path) {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + host + ":" + httpPort + path))
            .timeout(ANSWER)
            .build();
    try (var client = HttpClient.newBuilder().connectTimeout(ANSWER).build()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public JsonNode health() {
    try {
      return new ObjectMapper().readTree(page("/health"));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a field of /health has this text. */
  public void awaitHealth(String field, String text, Duration limit) {
    Await.value(
        limit,
        "/health of " + id + " to say " + field + " " + text,
        () -> Optional.of(health().path(field).asText()).filter(text::equals));
  }

  /** Sends a signal and writes it down. */
  public void signal(History history, String name) throws IOException, InterruptedException {
    history.add(new Event.Signalled(history.now(), id, name));
    program.signal(name);
  }

  /** Waits for the process's end and writes it down. */
  public void awaitExit(History history, Duration limit) throws InterruptedException {
    program
        .exit(limit)
        .ifPresent(status -> history.add(new Event.Exited(history.now(), id, status)));
  }

  @Override
  public void close() {
    program.close();
  }
}
