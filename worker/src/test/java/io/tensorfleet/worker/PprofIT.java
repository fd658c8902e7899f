package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tensorfleet.proto.worker.TaskRequest;
import io.tensorfleet.proto.worker.WorkerServiceGrpc;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Profiles of the delivered jar as a process, read by Go's own pprof. */
@Timeout(180)
class PprofIT {
  private static final Path JAR = Path.of("target/app/tensorfleet-worker-app.jar");
  private static final Pattern PORTS = Pattern.compile("HTTP (\\d+), gRPC (\\d+)");
  @TempDir private Path folder;
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private Process worker = new ProcessBuilder("true").start();
  private int httpPort;
  private int grpcPort;

  PprofIT() throws IOException {}

  @BeforeEach
  void start() throws IOException {
    Files.createDirectory(temporary());
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary(),
            "-jar",
            JAR.toString());
    builder
        .environment()
        .putAll(
            Map.of(
                "ORCHESTRATOR_ADDRESS", "127.0.0.1:1",
                "BIND_ADDRESS", "127.0.0.1",
                "WORKER_PORT", "0",
                "METRICS_PORT", "0",
                "SIMULATION_SPEED", "0"));
    worker = builder.redirectErrorStream(true).redirectOutput(log().toFile()).start();
    MatchResult ports = awaitPorts();
    httpPort = Integer.parseInt(ports.group(1));
    grpcPort = Integer.parseInt(ports.group(2));
  }

  @AfterEach
  void stop() throws InterruptedException {
    callers.shutdownNow();
    worker.destroyForcibly().waitFor();
  }

  private Path log() {
    return folder.resolve("worker.log");
  }

  private Path temporary() {
    return folder.resolve("tmp");
  }

  private MatchResult awaitPorts() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline) {
      List<MatchResult> found = PORTS.matcher(Files.readString(log())).results().toList();
      if (!found.isEmpty()) {
        return found.getFirst();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    throw new AssertionError("the worker did not start: " + Files.readString(log()));
  }

  private String page(String page) {
    return "http://127.0.0.1:%d/debug/pprof/%s".formatted(httpPort, page);
  }

  /** Go, or a test that is skipped aloud; an error where CI is set. */
  private static void needGo() {
    boolean there =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "go")));
    if (!there && System.getenv("CI") != null) {
      throw new AssertionError("CI is set, and there is no go on the PATH to read profiles with");
    }
    Assumptions.assumeTrue(there, "skipped: there is no go on the PATH to read profiles with");
  }

  private String pprof(String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of("go", "tool", "pprof"), Stream.of(arguments)).toList());
    builder.environment().put("PPROF_TMPDIR", folder.toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** Keeps one slot busy with simulated epochs that do not wait, until the test is over. */
  private void keepBusy(ManagedChannel channel, String task) {
    var stub = WorkerServiceGrpc.newBlockingStub(channel);
    TaskRequest request =
        TaskRequest.newBuilder()
            .setTaskId(task)
            .setJobId("busy")
            .setModelType("random_forest")
            .putHyperparameters("epochs", "100000")
            .build();
    while (!callers.isShutdown()) {
      try {
        var _ = stub.executeTask(request);
      } catch (StatusRuntimeException gone) {
        return;
      }
    }
  }

  @Test
  void goToolPprofReadsWhatABusyWorkerDoes() throws Exception {
    needGo();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
    try {
      callers.execute(() -> keepBusy(channel, "busy-1"));
      callers.execute(() -> keepBusy(channel, "busy-2"));
      String top = pprof("-top", "-cum", "-nodecount=20", page("profile?seconds=5"));
      System.out.println(top);
      assertThat(top).contains("Type: cpu").contains("jdk.CPUTimeSample");
      assertThat(top).containsPattern("\\d+m?s +[0-9.]+%.* io\\.tensorfleet\\.worker\\.\\w+\\.");
    } finally {
      channel.shutdownNow();
    }
    Path saved;
    try (Stream<Path> files = Files.list(folder)) {
      saved = files.filter(file -> file.toString().endsWith(".pb.gz")).findFirst().orElseThrow();
    }
    assertThat(pprof("-tags", saved.toString())).contains("busy-1").contains("busy-2");
    assertThat(pprof("-list=SimulationTrainer.run", "-source_path=src/main/java", saved.toString()))
        .contains("SimulationTrainer.java")
        .containsPattern("ms +\\d+: +\\S");
    assertThat(pprof("-top", page("heap"))).contains("Type: inuse_space").contains("byte[]");
  }

  @Test
  void sigtermInMidProfileEndsTheWorkerAndLeavesNothingBehind() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<InputStream> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(page("profile?seconds=300"))).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      worker.destroy();
      assertThat(worker.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(worker.exitValue()).isEqualTo(143);
      try (InputStream cutOff = answer.body()) {
        assertThatThrownBy(cutOff::readAllBytes).isInstanceOf(IOException.class);
      }
    }
    try (Stream<Path> left = Files.list(temporary())) {
      assertThat(left.filter(path -> !path.getFileName().toString().startsWith("hsperfdata")))
          .isEmpty();
    }
  }
}
