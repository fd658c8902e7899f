package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Outcome;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Verdicts;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The delivered jar as a process, against an orchestrator in the test's hand. */
@Timeout(120)
class WorkerIT {
  private static final Path JAR = Path.of("target/app/tensorfleet-worker-app.jar");
  @TempDir private Path folder;
  private final Orchestrator orchestrator = new Orchestrator();
  private Process process = new ProcessBuilder("true").start();

  WorkerIT() throws IOException {}

  /** Keeps what came; the test answers. */
  private static final class Orchestrator extends WorkServiceGrpc.WorkServiceImplBase {
    private final BlockingQueue<WorkerMessage> received = new LinkedBlockingQueue<>();
    private volatile StreamObserver<OrchestratorMessage> answers = new Nothing();

    @Override
    public StreamObserver<WorkerMessage> work(StreamObserver<OrchestratorMessage> stream) {
      answers = stream;
      return new StreamObserver<>() {
        @Override
        public void onNext(WorkerMessage message) {
          received.add(message);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
          stream.onCompleted();
        }
      };
    }

    /** Waits for a message of this kind; others are passed over. */
    WorkerMessage next(WorkerMessage.MessageCase kind) throws InterruptedException {
      while (true) {
        WorkerMessage message = received.poll(60, TimeUnit.SECONDS);
        if (message == null) {
          throw new AssertionError("no " + kind + " came within 60 s");
        }
        if (message.getMessageCase() == kind) {
          return message;
        }
      }
    }

    void welcome() {
      Welcome welcome =
          Welcome.newBuilder()
              .setOrchestratorId("test")
              .setLease(com.google.protobuf.Duration.newBuilder().setSeconds(30))
              .setHeartbeatInterval(com.google.protobuf.Duration.newBuilder().setSeconds(1))
              .build();
      answers.onNext(OrchestratorMessage.newBuilder().setWelcome(welcome).build());
    }

    void lease(LeaseToken token, Map<String, String> hyperparameters) {
      TaskSpec spec =
          TaskSpec.newBuilder()
              .setModelType("random_forest")
              .setEpochs(4)
              .putAllHyperparameters(hyperparameters)
              .build();
      Lease lease =
          Lease.newBuilder()
              .setToken(token)
              .setJobId("job")
              .setTask(spec)
              .setLength(com.google.protobuf.Duration.newBuilder().setSeconds(30))
              .build();
      answers.onNext(
          OrchestratorMessage.newBuilder().setLeases(Leases.newBuilder().addLeases(lease)).build());
    }

    void accept(LeaseToken token) {
      Verdict verdict =
          Verdict.newBuilder().setToken(token).setKind(Verdict.Kind.KIND_ACCEPTED).build();
      answers.onNext(
          OrchestratorMessage.newBuilder()
              .setVerdicts(Verdicts.newBuilder().addVerdicts(verdict))
              .build());
    }
  }

  private static final class Nothing implements StreamObserver<OrchestratorMessage> {
    @Override
    public void onNext(OrchestratorMessage message) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }

  @AfterEach
  void stop() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private Path log() {
    return folder.resolve("worker.log");
  }

  private void start(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            JAR.toString());
    builder.environment().putAll(environment);
    process = builder.redirectErrorStream(true).redirectOutput(log().toFile()).start();
  }

  private static LeaseToken token(String task) {
    return LeaseToken.newBuilder().setTaskId(task).setAttempt(1).setFence(7).build();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void itRunsATaskAndSigtermInMidTaskLetsItFinish() throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(orchestrator)
            .build()
            .start();
    try {
      start(
          Map.of(
              "ORCHESTRATOR_ADDRESS", "127.0.0.1:" + server.getPort(),
              "WORKER_ID", "it-worker",
              "BIND_ADDRESS", "127.0.0.1",
              "WORKER_PORT", "0",
              "METRICS_PORT", "0"));
      assertThat(orchestrator.next(WorkerMessage.MessageCase.HELLO).getHello().getWorkerId())
          .isEqualTo("it-worker");
      orchestrator.welcome();
      assertThat(orchestrator.next(WorkerMessage.MessageCase.CREDIT).getCredit().getSlots())
          .isEqualTo(3);
      orchestrator.lease(token("quick"), Map.of("simulation.speed", "0"));
      assertThat(completed("quick").getEpochsDone()).isEqualTo(4);
      orchestrator.accept(token("quick"));
      orchestrator.lease(token("slow"), Map.of("simulation.epoch_ms", "500"));
      orchestrator.next(WorkerMessage.MessageCase.PROGRESS);
      process.destroy();
      orchestrator.next(WorkerMessage.MessageCase.DRAINING);
      assertThat(completed("slow").getEpochsDone()).isEqualTo(4);
      assertThat(process.isAlive()).isTrue();
      orchestrator.next(WorkerMessage.MessageCase.HEARTBEAT);
      orchestrator.accept(token("slow"));
      assertThat(process.waitFor()).isEqualTo(143);
    } finally {
      server.shutdownNow();
    }
  }

  private Result completed(String task) throws InterruptedException {
    Result result = orchestrator.next(WorkerMessage.MessageCase.RESULTS).getResults().getResults(0);
    assertThat(result.getToken()).isEqualTo(token(task));
    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_COMPLETED);
    return result;
  }

  @Test
  void aWrongEnvironmentEndsWithStatusTwoAndAllLines() throws Exception {
    start(Map.of("MAX_CONCURRENT_TASKS", "0", "LOG_LEVEL", "loud", "TASK_TIMEOUT", "soon"));
    assertThat(process.waitFor()).isEqualTo(2);
    List<String> lines = Files.readAllLines(log());
    assertThat(lines).hasSize(3);
    assertThat(lines).anyMatch(line -> line.startsWith("MAX_CONCURRENT_TASKS: \"0\""));
    assertThat(lines).anyMatch(line -> line.startsWith("LOG_LEVEL: \"loud\""));
    assertThat(lines).anyMatch(line -> line.startsWith("TASK_TIMEOUT: \"soon\""));
  }

  @Test
  void withoutAnOrchestratorHealthSaysSoAndItKeepsTrying() throws Exception {
    int orchestratorPort = freePort();
    int metricsPort = freePort();
    start(
        Map.of(
            "ORCHESTRATOR_ADDRESS",
            "127.0.0.1:" + orchestratorPort,
            "BIND_ADDRESS",
            "127.0.0.1",
            "WORKER_PORT",
            "0",
            "METRICS_PORT",
            Integer.toString(metricsPort)));
    awaitHealth(metricsPort, "\"orchestrator_connection\":\"disconnected\"");
    assertThat(get(metricsPort, "/readyz").statusCode()).isEqualTo(503);
    assertThat(get(metricsPort, "/livez").statusCode()).isEqualTo(200);
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), orchestratorPort))
            .addService(orchestrator)
            .build()
            .start();
    try {
      orchestrator.next(WorkerMessage.MessageCase.HELLO);
      orchestrator.welcome();
      orchestrator.next(WorkerMessage.MessageCase.CREDIT);
      awaitHealth(metricsPort, "\"orchestrator_connection\":\"connected\"");
      assertThat(get(metricsPort, "/readyz").statusCode()).isEqualTo(200);
    } finally {
      server.shutdownNow();
    }
  }

  private static void awaitHealth(int port, String part) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    String last = "";
    while (System.nanoTime() < deadline) {
      try {
        last = get(port, "/health").body();
      } catch (ConnectException _) {
        last = "nothing listens";
      }
      if (last.contains(part)) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    throw new AssertionError("health did not come to say " + part + ": " + last);
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }
}
