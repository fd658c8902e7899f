package io.tensorfleet.e2e.drill;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.proto.worker.CancelTaskRequest;
import io.tensorfleet.proto.worker.TaskRequest;
import io.tensorfleet.proto.worker.WorkerServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Hostile text in every field that reaches a worker, from its orchestrator, from callers of its own
 * server and from its environment; once with a log for people and once with one for machines.
 */
final class LogInjectionDrill implements Drill {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<String> PAGES =
      List.of("/metrics", "/health", "/livez", "/readyz", "/", "/nothing");

  @Override
  public Findings run(Ground ground, Sizes sizes) throws Exception {
    String secret = "s3cr3t-" + UUID.randomUUID();
    List<LogChecker.Output> outputs = new ArrayList<>();
    for (String format : List.of("text", "json")) {
      try (var orchestrator = new HostileOrchestrator()) {
        outputs.addAll(new Round(ground, orchestrator, format).run(secret));
      }
    }
    outputs.add(badEnvironment(ground, secret));
    return new LogChecker(List.of(secret)).check(outputs);
  }

  private record Round(Ground ground, HostileOrchestrator orchestrator, String format) {
    List<LogChecker.Output> run(String secret) throws Exception {
      var settings = new HashMap<>(secrets(secret));
      settings.put("ORCHESTRATOR_ADDRESS", orchestrator.address());
      settings.put("MAX_CONCURRENT_TASKS", Integer.toString(HostileOrchestrator.slots()));
      settings.put("LOG_FORMAT", format);
      settings.put("LOG_LEVEL", "trace");
      String id = "injected-" + format;
      var worker = ground.own(WorkerProcess.startUnread(id, settings, ground.folder(id)));
      var outputs = talk(worker);
      var kind = format.equals("json") ? LogChecker.Kind.JSON_LOG : LogChecker.Kind.TEXT_LOG;
      outputs.add(new LogChecker.Output(format + " log", kind, worker.program().text()));
      return outputs;
    }

    private List<LogChecker.Output> talk(WorkerProcess worker) throws Exception {
      orchestrator.stream().onError(HostileOrchestrator.failure());
      var stream = orchestrator.stream();
      stream.onNext(HostileOrchestrator.welcome());
      String task = Hostile.text("task_id");
      stream.onNext(HostileOrchestrator.runnable(task, Hostile.text("job_id")));
      stream.onNext(HostileOrchestrator.runnable("other", "job"));
      orchestrator.next(WorkerMessage.MessageCase.PROGRESS);
      var outputs = pages(worker);
      stream.onNext(HostileOrchestrator.refusable());
      var results = orchestrator.next(WorkerMessage.MessageCase.RESULTS).getResults();
      stream.onNext(
          HostileOrchestrator.stale(
              results.getResultsList().stream().map(r -> r.getToken()).toList()));
      HostileOrchestrator.words(HostileOrchestrator.token(task), HostileOrchestrator.token("other"))
          .forEach(stream::onNext);
      outputs.add(calls(worker));
      stream.onNext(HostileOrchestrator.drain());
      orchestrator.next(WorkerMessage.MessageCase.DRAINING);
      outputs.addAll(pages(worker));
      worker.program().signal("TERM");
      worker.program().exit(LIMIT);
      return outputs;
    }

    private List<LogChecker.Output> pages(WorkerProcess worker) {
      List<LogChecker.Output> outputs = new ArrayList<>();
      for (String page : PAGES) {
        var kind = page.equals("/metrics") ? LogChecker.Kind.METRICS : LogChecker.Kind.PAGE;
        outputs.add(new LogChecker.Output(format + " " + page, kind, worker.page(page)));
      }
      return outputs;
    }

    private LogChecker.Output calls(WorkerProcess worker) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", worker.grpcPort()).usePlaintext().build();
      try {
        var stub =
            WorkerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
        var answers = new StringBuilder();
        for (TaskRequest request : requests()) {
          answers.append(answer(() -> stub.executeTask(request).getMessage()));
        }
        var cancel = CancelTaskRequest.newBuilder().setTaskId(Hostile.text("cancelled")).build();
        answers.append(answer(() -> stub.cancelTask(cancel).getMessage()));
        return new LogChecker.Output(
            format + " answers", LogChecker.Kind.ANSWER, answers.toString());
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static String answer(java.util.function.Supplier<String> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static List<TaskRequest> requests() {
    var good =
        TaskRequest.newBuilder()
            .setTaskId("called")
            .setModelType("xgboost")
            .putHyperparameters("simulation.speed", "0");
    return List.of(
        good.clone().setTaskId(Hostile.text("task_id")).build(),
        good.clone().setJobId(Hostile.text("job_id")).build(),
        good.clone().setModelType(Hostile.text("model_type")).build(),
        good.clone().setDatasetPath(Hostile.text("dataset_path")).build(),
        good.clone().putHyperparameters(Hostile.text("key"), "1").build(),
        good.clone().putHyperparameters("simulation.curve", Hostile.text("value")).build());
  }

  private static Map<String, String> secrets(String secret) {
    return Map.of(
        "DRILL_SECRET", secret, "DATABASE_PASSWORD", secret, "AWS_SECRET_ACCESS_KEY", secret);
  }

  /** A worker that must refuse to start, and say why, a line each. */
  private static LogChecker.Output badEnvironment(Ground ground, String secret) throws Exception {
    var settings = new HashMap<>(secrets(secret));
    for (String name :
        List.of("WORKER_ID", "QUEUES", "LABELS", "ORCHESTRATOR_ADDRESS", "LOG_LEVEL", "ENGINE")) {
      settings.put(name, Hostile.text(name));
    }
    var program = Program.start("worker", List.of(), settings, ground.folder("bad-environment"));
    int status = ground.own(program).exit(LIMIT).orElse(-1);
    if (status != 2) {
      throw new AssertionError("a worker with a hostile environment ended with " + status);
    }
    return new LogChecker.Output("mistakes", LogChecker.Kind.MISTAKES, program.text());
  }
}
