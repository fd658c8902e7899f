package io.tensorfleet.orchestrator.grpc;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.orchestrator.core.Mistakes;
import io.tensorfleet.orchestrator.core.SubmitCheck;
import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.orchestrator.core.TaskName;
import io.tensorfleet.orchestrator.store.JobReads;
import io.tensorfleet.orchestrator.store.JobStore.Submitted;
import io.tensorfleet.orchestrator.store.TaskReads;
import io.tensorfleet.orchestrator.watch.Watches;
import io.tensorfleet.proto.v1.CancelJobRequest;
import io.tensorfleet.proto.v1.GetJobRequest;
import io.tensorfleet.proto.v1.GetTaskRequest;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.JobServiceGrpc;
import io.tensorfleet.proto.v1.ListJobsRequest;
import io.tensorfleet.proto.v1.ListJobsResponse;
import io.tensorfleet.proto.v1.ListTasksRequest;
import io.tensorfleet.proto.v1.ListTasksResponse;
import io.tensorfleet.proto.v1.LogLine;
import io.tensorfleet.proto.v1.ReadLogsRequest;
import io.tensorfleet.proto.v1.RetryTasksRequest;
import io.tensorfleet.proto.v1.RetryTasksResponse;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.SubmitResponse;
import io.tensorfleet.proto.v1.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Jobs, for people and programs that submit them. */
public final class JobEndpoint extends JobServiceGrpc.JobServiceImplBase {
  private final Answers answers;
  private final JobDesk desk;
  private final Watches watches;
  private final LogStreams logs;

  public JobEndpoint(Answers answers, JobDesk desk, Watches watches, LogStreams logs) {
    this.answers = answers;
    this.desk = desk;
    this.watches = watches;
    this.logs = logs;
  }

  @Override
  public void submit(SubmitRequest request, StreamObserver<SubmitResponse> out) {
    answers.answer(
        out,
        () -> {
          Mistakes mistakes = SubmitCheck.of(request);
          if (!mistakes.found().isEmpty()) {
            throw Answers.invalid(mistakes.told());
          }
          return submitted(desk.submit(request));
        });
  }

  private static SubmitResponse submitted(Submitted what) throws StatusException {
    return switch (what) {
      case Submitted.Made made ->
          SubmitResponse.newBuilder().setJobId(made.jobId()).setTasks(made.tasks()).build();
      case Submitted.Known known ->
          SubmitResponse.newBuilder()
              .setJobId(known.jobId())
              .setTasks(known.tasks())
              .setExisting(true)
              .build();
      case Submitted.Taken _, Submitted.Full _ -> throw refusal(what);
    };
  }

  static StatusException refusal(Submitted what) {
    if (what instanceof Submitted.Full full) {
      return Status.RESOURCE_EXHAUSTED
          .withDescription(
              "queue '"
                  + full.queue()
                  + "' has "
                  + full.waiting()
                  + " tasks waiting: try later, or submit fewer")
          .asException();
    }
    String jobId = what instanceof Submitted.Taken taken ? taken.jobId() : "";
    return Status.ALREADY_EXISTS
        .withDescription(
            "job_id '" + jobId + "' is taken by another request: choose another, or none")
        .asException();
  }

  @Override
  public void getJob(GetJobRequest request, StreamObserver<Job> out) {
    answers.answer(out, () -> desk.job(request.getJobId()));
  }

  @Override
  public void watchJob(GetJobRequest request, StreamObserver<Job> out) {
    ServerCallStreamObserver<Job> stream = (ServerCallStreamObserver<Job>) out;
    stream.setOnCancelHandler(() -> {});
    answers.run(
        out,
        () -> {
          watches.watchJob(desk.job(request.getJobId()), stream);
          return true;
        });
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> out) {
    answers.answer(
        out,
        () -> {
          int size = Paging.size(request.getPageSize());
          if (!request.getQueue().isEmpty()) {
            QueueEndpoint.checkQueue("queue", request.getQueue());
          }
          String token = request.getPageToken();
          long before = token.isEmpty() ? Long.MAX_VALUE : Paging.number(token, Paging.key(token));
          List<JobReads.Numbered> page =
              desk.jobs(new JobReads.Page(request.getQueue(), known(request), before, size));
          ListJobsResponse.Builder answer = ListJobsResponse.newBuilder();
          page.forEach(one -> answer.addJobs(one.job()));
          if (page.size() == size) {
            answer.setNextPageToken(Paging.token(Long.toString(page.getLast().jobNo())));
          }
          return answer.build();
        });
  }

  private static List<io.tensorfleet.proto.v1.JobState> known(ListJobsRequest request)
      throws StatusException {
    if (request.getStatesList().contains(io.tensorfleet.proto.v1.JobState.UNRECOGNIZED)) {
      throw Answers.invalid("states has " + request.getStatesValueList() + ": accepted is 1 to 5");
    }
    return request.getStatesList();
  }

  @Override
  public void cancelJob(CancelJobRequest request, StreamObserver<Job> out) {
    answers.answer(out, () -> desk.cancel(request.getJobId(), request.getReason()));
  }

  @Override
  public void retryTasks(RetryTasksRequest request, StreamObserver<RetryTasksResponse> out) {
    answers.answer(
        out,
        () -> {
          List<TaskName> named = new ArrayList<>();
          for (String id : request.getTaskIdsList()) {
            named.add(taskOf(id, request.getJobId()));
          }
          int retried = desk.retry(request.getJobId(), named);
          return RetryTasksResponse.newBuilder().setRetried(retried).build();
        });
  }

  private static TaskName taskOf(String taskId, String jobId) throws StatusException {
    return TaskName.parse(taskId)
        .filter(name -> name.jobId().equals(jobId))
        .orElseThrow(
            () ->
                Answers.invalid(
                    "task_ids has '" + taskId + "': accepted are tasks of job '" + jobId + "'"));
  }

  @Override
  public void getTask(GetTaskRequest request, StreamObserver<Task> out) {
    answers.answer(out, () -> desk.task(request.getTaskId()).task());
  }

  @Override
  public void listTasks(ListTasksRequest request, StreamObserver<ListTasksResponse> out) {
    answers.answer(
        out,
        () -> {
          int size = Paging.size(request.getPageSize());
          List<TaskReads.Keyed> page = desk.tasks(request, after(request.getPageToken()), size);
          ListTasksResponse.Builder answer = ListTasksResponse.newBuilder();
          page.forEach(one -> answer.addTasks(one.task()));
          if (page.size() == size) {
            TaskKey last = page.getLast().key();
            answer.setNextPageToken(Paging.token(last.jobNo() + "-" + last.index()));
          }
          return answer.build();
        });
  }

  private static TaskKey after(String token) throws StatusException {
    if (token.isEmpty()) {
      return new TaskKey(-1, -1);
    }
    Optional<TaskName> key = TaskName.parse(Paging.key(token));
    if (key.isEmpty()) {
      throw Paging.badToken(token);
    }
    return new TaskKey(Paging.number(token, key.get().jobId()), key.get().index());
  }

  @Override
  public void readLogs(ReadLogsRequest request, StreamObserver<LogLine> out) {
    ServerCallStreamObserver<LogLine> stream = (ServerCallStreamObserver<LogLine>) out;
    stream.setOnCancelHandler(() -> {});
    answers.run(
        out,
        () -> {
          int tail = request.getTail();
          if (tail < 0 || tail > 10_000) {
            throw Answers.invalid("tail is '" + tail + "': accepted is 0 (for 1000) to 10000");
          }
          logs.read(desk.task(request.getTaskId()), request, stream);
          return true;
        });
  }
}
