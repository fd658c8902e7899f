package io.tensorfleet.e2e.bench;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.tensorfleet.local.Database;
import io.tensorfleet.local.WorkerProgram;
import io.tensorfleet.orchestrator.Orchestrator;
import io.tensorfleet.orchestrator.OrchestratorConfig;
import io.tensorfleet.proto.v1.GetJobRequest;
import io.tensorfleet.proto.v1.JobServiceGrpc;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Process start → first task accepted, and resident memory at rest, of a worker with and without
 * its AOT cache, by turns. A task waits before the worker starts; PostgreSQL and the orchestrator
 * are warm.
 */
public final class ColdStart implements AutoCloseable {
  private static final int WARM_UP = 1;

  private final Database database;
  private final Orchestrator orchestrator;
  private final ManagedChannel channel;
  private final JobServiceGrpc.JobServiceBlockingStub jobs;

  private ColdStart(Path folder) {
    database = Database.start(folder.resolve("postgres"));
    orchestrator =
        Orchestrator.start(
            OrchestratorConfig.fromEnvironment(
                Map.of(
                    "DATABASE_URL",
                    database.url(),
                    "DATABASE_USER",
                    database.user(),
                    "GRPC_ADDRESS",
                    "127.0.0.1:0",
                    "HTTP_ADDRESS",
                    "127.0.0.1:0")));
    channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + orchestrator.grpcPort(), InsecureChannelCredentials.create())
            .build();
    jobs = JobServiceGrpc.newBlockingStub(channel);
  }

  /** RUNS (default 7) is the number of starts of each kind. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int runs = Integer.parseInt(System.getenv().getOrDefault("RUNS", "7"));
    Path folder = Files.createTempDirectory("tensorfleet-cold-start");
    List<Start> cached = new ArrayList<>();
    List<Start> plain = new ArrayList<>();
    try (ColdStart bench = new ColdStart(folder)) {
      for (int run = -WARM_UP; run < runs; run++) {
        Start with = bench.start(folder, WorkerProgram.built().command());
        Start without = bench.start(folder, WorkerProgram.built().commandWithoutCache());
        if (run >= 0) {
          cached.add(with);
          plain.add(without);
        }
      }
    }
    report("first_task_accepted", "ms", cached, Start::acceptedMillis);
    report("first_task_accepted_without_cache", "ms", plain, Start::acceptedMillis);
    report("resident_idle", "MB", cached, Start::residentMegabytes);
    report("resident_idle_without_cache", "MB", plain, Start::residentMegabytes);
  }

  private static void report(
      String metric, String unit, List<Start> starts, ToDoubleFunction<Start> value) {
    System.out.println(
        new BenchLine(
                "cold-start", metric, unit, starts.stream().map(value::applyAsDouble).toList())
            .json());
  }

  /** One start of a worker. */
  private record Start(double acceptedMillis, double residentMegabytes) {}

  private Start start(Path folder, List<String> command) throws IOException, InterruptedException {
    String job = jobs.submit(oneTask()).getJobId();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("worker.log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "ORCHESTRATOR_ADDRESS", "127.0.0.1:" + orchestrator.grpcPort(),
                "BIND_ADDRESS", "127.0.0.1",
                "WORKER_PORT", "0",
                "METRICS_PORT", "0"));
    long begun = System.nanoTime();
    Process worker = builder.start();
    try {
      double accepted = millisUntilDone(job, begun, worker);
      return new Start(accepted, Resident.atRest(worker.pid()));
    } finally {
      worker.destroy();
      worker.waitFor();
    }
  }

  private double millisUntilDone(String job, long begun, Process worker)
      throws InterruptedException {
    GetJobRequest ask = GetJobRequest.newBuilder().setJobId(job).build();
    while (!jobs.getJob(ask).hasFinishedAt()) {
      if (!worker.isAlive() || System.nanoTime() - begun > 60_000_000_000L) {
        throw new IllegalStateException("the worker ended, or did no task within 60 s");
      }
      Thread.sleep(5);
    }
    return (System.nanoTime() - begun) / 1e6;
  }

  private static SubmitRequest oneTask() {
    return SubmitRequest.newBuilder()
        .addGroups(
            TaskGroup.newBuilder()
                .setTemplate(
                    TaskSpec.newBuilder()
                        .setModelType("neural_network")
                        .setEpochs(1)
                        .putHyperparameters("simulation.speed", "0")))
        .build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    orchestrator.close();
    database.close();
  }
}
