package io.tensorfleet.orchestrator.grpc;

import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.orchestrator.store.JobReads;
import io.tensorfleet.orchestrator.store.JobStore.Submitted;
import io.tensorfleet.orchestrator.store.TotalsStore;
import io.tensorfleet.proto.orchestrator.AssignTaskRequest;
import io.tensorfleet.proto.orchestrator.AssignTaskResponse;
import io.tensorfleet.proto.orchestrator.CancelJobRequest;
import io.tensorfleet.proto.orchestrator.CancelJobResponse;
import io.tensorfleet.proto.orchestrator.GetJobStatusRequest;
import io.tensorfleet.proto.orchestrator.GetJobStatusResponse;
import io.tensorfleet.proto.orchestrator.HeartbeatRequest;
import io.tensorfleet.proto.orchestrator.HeartbeatResponse;
import io.tensorfleet.proto.orchestrator.JobMetricsRequest;
import io.tensorfleet.proto.orchestrator.JobMetricsResponse;
import io.tensorfleet.proto.orchestrator.OrchestratorServiceGrpc;
import io.tensorfleet.proto.orchestrator.RegisterWorkerRequest;
import io.tensorfleet.proto.orchestrator.RegisterWorkerResponse;
import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.proto.orchestrator.TaskCompletionResponse;
import io.tensorfleet.proto.orchestrator.TrainingJobRequest;
import io.tensorfleet.proto.orchestrator.TrainingJobResponse;
import io.tensorfleet.proto.orchestrator.WorkerActivityRequest;
import io.tensorfleet.proto.orchestrator.WorkerActivityResponse;
import io.tensorfleet.proto.v1.Job;

/** The earlier orchestrator's service, for programs that were written against it. */
public final class OldEndpoint extends OrchestratorServiceGrpc.OrchestratorServiceImplBase {
  private final Answers answers;
  private final JobDesk desk;
  private final OldTasks tasks;
  private final Stores stores;

  /** What it reads. */
  public record Stores(JobReads reads, TotalsStore totals) {}

  public OldEndpoint(Answers answers, JobDesk desk, OldTasks tasks, Stores stores) {
    this.answers = answers;
    this.desk = desk;
    this.tasks = tasks;
    this.stores = stores;
  }

  @Override
  public void createTrainingJob(
      TrainingJobRequest request, StreamObserver<TrainingJobResponse> out) {
    answers.answer(out, () -> create(request));
  }

  private TrainingJobResponse create(TrainingJobRequest request) throws StatusException {
    String mistakes = OldJobs.mistakes(request);
    if (!mistakes.isEmpty()) {
      throw Answers.invalid(mistakes);
    }
    Submitted submitted = desk.submit(OldJobs.submit(request));
    if (!(submitted instanceof Submitted.Made made)) {
      throw JobEndpoint.refusal(submitted);
    }
    return TrainingJobResponse.newBuilder()
        .setJobId(made.jobId())
        .setStatus("PENDING")
        .setNumTasks(made.tasks())
        .setMessage("job created with " + made.tasks() + " tasks")
        .build();
  }

  @Override
  public void getJobStatus(GetJobStatusRequest request, StreamObserver<GetJobStatusResponse> out) {
    answers.answer(out, () -> status(desk.job(request.getJobId())));
  }

  private GetJobStatusResponse status(Job job) {
    JobReads.LastMetrics metrics =
        stores
            .reads()
            .lastMetrics(job.getJobId())
            .orElse(new JobReads.LastMetrics(job.getBest().getLoss(), job.getBest().getAccuracy()));
    return GetJobStatusResponse.newBuilder()
        .setJobId(job.getJobId())
        .setStatus(OldJobs.status(job.getState()))
        .setProgress((int) job.getPercent())
        .setCompletedTasks((int) job.getTasks().getCompleted())
        .setTotalTasks((int) job.getTasks().getTotal())
        .setCurrentLoss(metrics.loss())
        .setCurrentAccuracy(metrics.accuracy())
        .setMessage(job.getMessage())
        .build();
  }

  @Override
  public void assignTask(AssignTaskRequest request, StreamObserver<AssignTaskResponse> out) {
    ServerCallStreamObserver<AssignTaskResponse> call =
        (ServerCallStreamObserver<AssignTaskResponse>) out;
    call.setOnCancelHandler(() -> {});
    answers.run(
        out,
        () -> {
          tasks.assign(request.getWorkerId(), call);
          return true;
        });
  }

  @Override
  public void reportTaskCompletion(
      TaskCompletionRequest request, StreamObserver<TaskCompletionResponse> out) {
    answers.answer(out, () -> tasks.complete(request));
  }

  @Override
  public void updateJobMetrics(JobMetricsRequest request, StreamObserver<JobMetricsResponse> out) {
    answers.answer(
        out,
        () -> {
          String jobId = desk.info(request.getJobId()).jobId();
          JobReads.LastMetrics said =
              new JobReads.LastMetrics(request.getLoss(), request.getAccuracy());
          return JobMetricsResponse.newBuilder()
              .setSuccess(stores.reads().storeMetrics(jobId, said))
              .build();
        });
  }

  @Override
  public void cancelJob(CancelJobRequest request, StreamObserver<CancelJobResponse> out) {
    answers.answer(
        out,
        () -> {
          Job before = desk.job(request.getJobId());
          boolean open = !before.hasFinishedAt();
          if (open) {
            desk.cancel(request.getJobId(), "");
          }
          return CancelJobResponse.newBuilder()
              .setSuccess(open)
              .setMessage(open ? "job cancelled" : "the job had ended already")
              .setPreviousStatus(OldJobs.status(before.getState()))
              .build();
        });
  }

  @Override
  public void getWorkerActivity(
      WorkerActivityRequest request, StreamObserver<WorkerActivityResponse> out) {
    answers.answer(
        out,
        () -> {
          WorkerActivityResponse.Builder answer = WorkerActivityResponse.newBuilder();
          stores.totals().workers().forEach(worker -> answer.addWorkers(OldJobs.info(worker)));
          return answer.setTotalWorkers(answer.getWorkersCount()).build();
        });
  }

  @Override
  public void registerWorker(
      RegisterWorkerRequest request, StreamObserver<RegisterWorkerResponse> out) {
    answers.answer(out, () -> tasks.register(request));
  }

  @Override
  public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> out) {
    answers.answer(out, () -> tasks.beat(request));
  }
}
