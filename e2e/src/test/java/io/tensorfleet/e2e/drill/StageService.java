package io.tensorfleet.e2e.drill;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.CordonRequest;
import io.tensorfleet.proto.v1.CordonResponse;
import io.tensorfleet.proto.v1.ListWorkersRequest;
import io.tensorfleet.proto.v1.ListWorkersResponse;
import io.tensorfleet.proto.v1.QueueServiceGrpc;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.TaskClass;
import io.tensorfleet.proto.v1.UncordonRequest;
import io.tensorfleet.proto.v1.UncordonResponse;
import io.tensorfleet.proto.v1.WatchQueueRequest;
import io.tensorfleet.proto.v1.WorkerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A stage's door: the queue as an orchestrator serves it, or as none should. */
final class StageService extends QueueServiceGrpc.QueueServiceImplBase implements AutoCloseable {
  private record Watch(List<String> queues, ServerCallStreamObserver<QueueSnapshot> stream) {}

  private final StageFloor floor;
  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private final int port;
  private volatile Manner manner = Manner.SERVES;
  private Server server;
  private int nonsense;

  /** How a stage behaves towards those who call. */
  public enum Manner {
    SERVES,
    /** Nobody listens. */
    AWAY,
    /** Calls are taken and never answered. */
    HANGS,
    /** Answers that cannot be true. */
    NONSENSE
  }

  StageService(StageFloor floor) {
    this.floor = floor;
    this.server = listen(0);
    this.port = server.getPort();
  }

  private Server listen(int wanted) {
    try {
      return Grpc.newServerBuilderForPort(wanted, InsecureServerCredentials.create())
          .permitKeepAliveTime(1, TimeUnit.SECONDS)
          .permitKeepAliveWithoutCalls(true)
          .addService(this)
          .build()
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(new InetSocketAddress(wanted) + ": " + e.getMessage(), e);
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  synchronized void turn(Manner next) {
    boolean wasAway = manner == Manner.AWAY;
    manner = next;
    if (next == Manner.AWAY) {
      close();
    } else if (wasAway) {
      server = listen(port);
    }
    publish();
  }

  /** Sends the state to all that watch; called by one thread at a time. */
  synchronized void publish() {
    watches.removeIf(watch -> watch.stream().isCancelled());
    if (manner == Manner.SERVES || manner == Manner.NONSENSE) {
      watches.forEach(this::send);
    }
  }

  private void send(Watch watch) {
    for (String queue : watch.queues()) {
      var snapshot = floor.snapshot(queue);
      watch.stream().onNext(manner == Manner.NONSENSE ? nonsense(snapshot) : snapshot);
    }
  }

  private QueueSnapshot nonsense(QueueSnapshot snapshot) {
    var lie = snapshot.toBuilder();
    return switch (nonsense++ % 4) {
      case 0 -> lie.setWaiting(-1).build();
      case 1 -> lie.addWorkers(WorkerState.newBuilder().setSlots(1)).build();
      case 2 -> lie.addWorkers(WorkerState.newBuilder().setWorkerId("w").setBusy(-3)).build();
      default -> lie.addClasses(TaskClass.newBuilder().setMeanSeconds(Double.NaN)).build();
    };
  }

  @Override
  public synchronized void watchQueue(
      WatchQueueRequest request, StreamObserver<QueueSnapshot> observer) {
    var queues = request.getQueuesCount() == 0 ? List.of("default") : request.getQueuesList();
    var watch = new Watch(queues, (ServerCallStreamObserver<QueueSnapshot>) observer);
    watch.stream().setOnCancelHandler(() -> {});
    watches.add(watch);
    if (manner != Manner.HANGS) {
      send(watch);
    }
  }

  @Override
  public void cordon(CordonRequest request, StreamObserver<CordonResponse> observer) {
    switch (manner) {
      case HANGS, AWAY -> {}
      case NONSENSE -> answer(observer, CordonResponse.getDefaultInstance());
      case SERVES -> answer(observer, floor.cordon(request));
    }
  }

  @Override
  public void uncordon(UncordonRequest request, StreamObserver<UncordonResponse> observer) {
    if (manner == Manner.SERVES) {
      boolean done = floor.uncordon(request.getWorkerId(), request.getIncarnation());
      answer(observer, UncordonResponse.newBuilder().setUncordoned(done).build());
    }
  }

  @Override
  public void listWorkers(
      ListWorkersRequest request, StreamObserver<ListWorkersResponse> observer) {
    if (manner != Manner.HANGS) {
      var workers =
          floor.workers().stream()
              .filter(
                  worker ->
                      request.getQueue().isEmpty()
                          || worker.getQueuesList().contains(request.getQueue()))
              .toList();
      answer(observer, ListWorkersResponse.newBuilder().addAllWorkers(workers).build());
    }
  }

  private static <T> void answer(StreamObserver<T> observer, T message) {
    observer.onNext(message);
    observer.onCompleted();
  }

  @Override
  public synchronized void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watches.clear();
  }
}
