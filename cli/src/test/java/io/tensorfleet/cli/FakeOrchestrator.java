package io.tensorfleet.cli;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.CancelJobRequest;
import io.tensorfleet.proto.v1.GetJobRequest;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.JobServiceGrpc;
import io.tensorfleet.proto.v1.JobState;
import io.tensorfleet.proto.v1.ListJobsRequest;
import io.tensorfleet.proto.v1.ListJobsResponse;
import io.tensorfleet.proto.v1.ListTasksRequest;
import io.tensorfleet.proto.v1.ListTasksResponse;
import io.tensorfleet.proto.v1.ListWorkersRequest;
import io.tensorfleet.proto.v1.ListWorkersResponse;
import io.tensorfleet.proto.v1.QueueServiceGrpc;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.SubmitResponse;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.TaskCounts;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.TaskState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An orchestrator that remembers what was submitted and completes it at once. */
final class FakeOrchestrator extends JobServiceGrpc.JobServiceImplBase implements AutoCloseable {
  private final Server server;
  final List<SubmitRequest> submitted = new CopyOnWriteArrayList<>();
  JobState outcome = JobState.JOB_STATE_COMPLETED;

  FakeOrchestrator() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .addService(new NoWorkers())
            .build()
            .start();
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  @Override
  public void submit(SubmitRequest request, StreamObserver<SubmitResponse> answer) {
    if (request.getPriority() > 100) {
      answer.onError(
          Status.INVALID_ARGUMENT
              .withDescription("priority 101: accepted are -100 to 100")
              .asRuntimeException());
      return;
    }
    submitted.add(request);
    answer.onNext(
        SubmitResponse.newBuilder()
            .setJobId("job-1")
            .setTasks(request.getGroupsList().stream().mapToInt(g -> g.getCount()).sum())
            .build());
    answer.onCompleted();
  }

  @Override
  public void cancelJob(CancelJobRequest request, StreamObserver<Job> answer) {
    if (!request.getJobId().equals("job-1")) {
      answer.onError(
          Status.NOT_FOUND
              .withDescription("no job '" + request.getJobId() + "'")
              .asRuntimeException());
      return;
    }
    answer.onNext(job(JobState.JOB_STATE_CANCELLED, 3));
    answer.onCompleted();
  }

  @Override
  public void watchJob(GetJobRequest request, StreamObserver<Job> answer) {
    answer.onNext(job(JobState.JOB_STATE_RUNNING, 0));
    answer.onNext(job(outcome, 5));
    answer.onCompleted();
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> answer) {
    var first = request.getPageToken().isEmpty();
    answer.onNext(
        ListJobsResponse.newBuilder()
            .addJobs(job(JobState.JOB_STATE_RUNNING, first ? 1 : 2))
            .setNextPageToken(first ? "more" : "")
            .build());
    answer.onCompleted();
  }

  /** One that asks for two GPUs and waits, and one that runs. */
  @Override
  public void listTasks(ListTasksRequest request, StreamObserver<ListTasksResponse> answer) {
    var spec =
        TaskSpec.newBuilder()
            .setModelType("xgboost")
            .setRequires(Requirements.newBuilder().setGpuCount(2));
    answer.onNext(
        ListTasksResponse.newBuilder()
            .addTasks(
                Task.newBuilder()
                    .setTaskId("job-1-0")
                    .setQueue("default")
                    .setSpec(spec)
                    .setState(TaskState.TASK_STATE_WAITING))
            .addTasks(Task.newBuilder().setTaskId("job-1-1").setState(TaskState.TASK_STATE_RUNNING))
            .build());
    answer.onCompleted();
  }

  private static final class NoWorkers extends QueueServiceGrpc.QueueServiceImplBase {
    @Override
    public void listWorkers(
        ListWorkersRequest request, StreamObserver<ListWorkersResponse> answer) {
      answer.onNext(ListWorkersResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }

  private static Job job(JobState state, int completed) {
    return Job.newBuilder()
        .setJobId("job-1")
        .setQueue("default")
        .setState(state)
        .setTasks(TaskCounts.newBuilder().setTotal(5).setCompleted(completed))
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
