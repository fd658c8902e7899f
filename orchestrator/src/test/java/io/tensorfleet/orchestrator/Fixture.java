package io.tensorfleet.orchestrator;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tensorfleet.proto.v1.GetJobRequest;
import io.tensorfleet.proto.v1.GetTaskRequest;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.JobServiceGrpc;
import io.tensorfleet.proto.v1.QueueServiceGrpc;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A database with orchestrators on it, and clients of them. */
final class Fixture implements AutoCloseable {
  final OrchestratorConfig.Database database = Postgres.fresh();
  private final List<Runnable> open = new ArrayList<>();
  private final Duration lease;
  private final Duration window;

  Fixture(Duration lease, Duration window) {
    this.lease = lease;
    this.window = window;
  }

  /** With a lease of 10 s and a window of 3 s. */
  Fixture() {
    this(Duration.ofSeconds(10), Duration.ofSeconds(3));
  }

  Orchestrator orchestrator(String id) {
    Orchestrator started =
        Orchestrator.start(
            new OrchestratorConfig(
                database,
                new Address("127.0.0.1", 0),
                new Address("127.0.0.1", 0),
                id,
                lease,
                lease.dividedBy(5),
                window,
                Duration.ofSeconds(300),
                Duration.ofSeconds(60),
                3,
                "info"));
    open.add(started::close);
    return started;
  }

  JobServiceGrpc.JobServiceBlockingStub jobs(Orchestrator of) {
    return JobServiceGrpc.newBlockingStub(channel(of));
  }

  QueueServiceGrpc.QueueServiceBlockingStub queue(Orchestrator of) {
    return QueueServiceGrpc.newBlockingStub(channel(of));
  }

  ManagedChannel channel(Orchestrator of) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", of.grpcPort())
            .usePlaintext()
            .directExecutor()
            .build();
    open.add(channel::shutdownNow);
    return channel;
  }

  static SubmitRequest.Builder tasks(String jobId, int count) {
    return SubmitRequest.newBuilder()
        .setJobId(jobId)
        .addGroups(
            TaskGroup.newBuilder()
                .setTemplate(TaskSpec.newBuilder().setModelType("xgboost"))
                .setCount(count));
  }

  Job job(Orchestrator of, String id) {
    return jobs(of).getJob(GetJobRequest.newBuilder().setJobId(id).build());
  }

  Task task(Orchestrator of, String id) {
    return jobs(of).getTask(GetTaskRequest.newBuilder().setTaskId(id).build());
  }

  long number(String sql) {
    return Postgres.number(database, sql);
  }

  @Override
  public void close() {
    open.reversed().forEach(Runnable::run);
  }
}
