package io.tensorfleet.worker;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The delivered jar as a process on loopback, with its log in a file. */
final class WorkerProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target/app/tensorfleet-worker-app.jar");
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(90);

  private final Path log;
  private final int metricsPort;
  private final Process process;

  WorkerProcess(Path folder, String id, int orchestratorPort, Map<String, String> more)
      throws IOException {
    log = Files.createTempFile(folder, id, ".log");
    metricsPort = freePort();
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "ORCHESTRATOR_ADDRESS",
                "127.0.0.1:" + orchestratorPort,
                "WORKER_ID",
                id,
                "BIND_ADDRESS",
                "127.0.0.1",
                "WORKER_PORT",
                "0",
                "METRICS_PORT",
                Integer.toString(metricsPort)));
    environment.putAll(more);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            JAR.toString());
    builder.environment().putAll(environment);
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  void sigterm() {
    process.destroy();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Its exit status, once it has ended. */
  int ended() throws InterruptedException {
    if (!process.waitFor(PATIENCE, TimeUnit.NANOSECONDS)) {
      throw new AssertionError("the worker did not end");
    }
    return process.exitValue();
  }

  /** The lines of its log that contain the text. */
  List<String> log(String text) throws IOException {
    return Files.readAllLines(log).stream().filter(line -> line.contains(text)).toList();
  }

  void until(String what, BooleanSupplier happened) throws IOException {
    long end = System.nanoTime() + PATIENCE;
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain: " + what + "\n" + Files.readString(log));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  void untilHealth(String part) throws IOException {
    until("health says " + part, () -> get("/health").contains(part));
  }

  /** Nothing while nothing listens. */
  String get(String path) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + path)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (ConnectException _) {
      return "";
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    } catch (InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
