package io.tensorfleet.orchestrator.grpc;

import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.orchestrator.core.HelloCheck;
import io.tensorfleet.orchestrator.core.SubmitCheck;
import io.tensorfleet.orchestrator.store.CordonStore;
import io.tensorfleet.orchestrator.store.WorkerReads;
import io.tensorfleet.orchestrator.watch.ChangeHub;
import io.tensorfleet.orchestrator.watch.Watches;
import io.tensorfleet.proto.v1.CordonRequest;
import io.tensorfleet.proto.v1.CordonResponse;
import io.tensorfleet.proto.v1.ListWorkersRequest;
import io.tensorfleet.proto.v1.ListWorkersResponse;
import io.tensorfleet.proto.v1.QueueServiceGrpc;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.UncordonRequest;
import io.tensorfleet.proto.v1.UncordonResponse;
import io.tensorfleet.proto.v1.WatchQueueRequest;
import io.tensorfleet.proto.v1.WorkerState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The queue, for the operator and for people. */
public final class QueueEndpoint extends QueueServiceGrpc.QueueServiceImplBase {
  private static final int MOST_QUEUES = 100;
  private final Answers answers;
  private final Watches watches;
  private final CordonStore cordons;
  private final WorkerReads workers;
  private final ChangeHub hub;

  /** What it reads and writes. */
  public record Stores(CordonStore cordons, WorkerReads workers) {}

  public QueueEndpoint(Answers answers, Watches watches, ChangeHub hub, Stores stores) {
    this.answers = answers;
    this.watches = watches;
    this.hub = hub;
    this.cordons = stores.cordons();
    this.workers = stores.workers();
  }

  @Override
  public void watchQueue(WatchQueueRequest request, StreamObserver<QueueSnapshot> out) {
    Set<String> queues = new LinkedHashSet<>(request.getQueuesList());
    if (queues.isEmpty()) {
      queues.add("default");
    }
    try {
      if (queues.size() > MOST_QUEUES) {
        throw Answers.invalid(
            "queues has " + queues.size() + " names: accepted is at most " + MOST_QUEUES);
      }
      for (String queue : queues) {
        checkQueue("queues", queue);
      }
    } catch (StatusException e) {
      out.onError(e);
      return;
    }
    ServerCallStreamObserver<QueueSnapshot> stream = (ServerCallStreamObserver<QueueSnapshot>) out;
    stream.setOnCancelHandler(() -> {});
    queues.forEach(queue -> watches.watchQueue(queue, stream));
  }

  @Override
  public void cordon(CordonRequest request, StreamObserver<CordonResponse> out) {
    answers.answer(
        out,
        () -> {
          checkWorker(request.getWorkerId(), request.getIncarnation());
          CordonResponse answer = cordons.cordon(request);
          changed(
              answer.getOutcome() == CordonResponse.Outcome.OUTCOME_CORDONED,
              request.getWorkerId());
          return answer;
        });
  }

  @Override
  public void uncordon(UncordonRequest request, StreamObserver<UncordonResponse> out) {
    answers.answer(
        out,
        () -> {
          checkWorker(request.getWorkerId(), request.getIncarnation());
          boolean done = cordons.uncordon(request);
          changed(done, request.getWorkerId());
          return UncordonResponse.newBuilder().setUncordoned(done).build();
        });
  }

  private void changed(boolean done, String workerId) {
    if (done) {
      workers.queues(workerId).ifPresent(hub::changed);
    }
  }

  @Override
  public void listWorkers(ListWorkersRequest request, StreamObserver<ListWorkersResponse> out) {
    answers.answer(
        out,
        () -> {
          int size = Paging.size(request.getPageSize());
          Optional<String> queue = Optional.of(request.getQueue()).filter(q -> !q.isEmpty());
          if (queue.isPresent()) {
            checkQueue("queue", queue.get());
          }
          List<WorkerState> page = workers.present(queue, Paging.key(request.getPageToken()), size);
          ListWorkersResponse.Builder answer = ListWorkersResponse.newBuilder().addAllWorkers(page);
          if (page.size() == size) {
            answer.setNextPageToken(Paging.token(page.getLast().getWorkerId()));
          }
          return answer.build();
        });
  }

  static void checkQueue(String field, String queue) throws StatusException {
    if (!SubmitCheck.isQueue(queue)) {
      throw Answers.invalid(
          field + " has '" + queue + "': accepted is 1 to 63 characters of [a-z0-9-]");
    }
  }

  private static void checkWorker(String workerId, String incarnation) throws StatusException {
    if (!HelloCheck.isWorkerId(workerId)) {
      throw Answers.invalid(
          "worker_id is '" + workerId + "': accepted is 1 to 253 characters of [A-Za-z0-9._-]");
    }
    if (!incarnation.isEmpty() && !HelloCheck.isWorkerId(incarnation)) {
      throw Answers.invalid(
          "incarnation is '"
              + incarnation
              + "': accepted is characters of [A-Za-z0-9._-], or nothing");
    }
  }
}
