package io.tensorfleet.operator;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.CordonRequest;
import io.tensorfleet.proto.v1.CordonResponse;
import io.tensorfleet.proto.v1.QueueServiceGrpc;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.UncordonRequest;
import io.tensorfleet.proto.v1.UncordonResponse;
import io.tensorfleet.proto.v1.WatchQueueRequest;
import io.tensorfleet.proto.v1.WorkerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An orchestrator's queue on loopback, whose state a test sets. */
public final class FakeQueue extends QueueServiceGrpc.QueueServiceImplBase
    implements AutoCloseable {
  private record Watch(List<String> queues, ServerCallStreamObserver<QueueSnapshot> stream) {}

  private final List<Watch> watches = new ArrayList<>();
  private final Map<String, WorkerState> workers = new TreeMap<>();
  private final List<String> cordoned = new ArrayList<>();
  private final Server server;
  private final String address;
  private long waiting;
  private long running;
  private long version;
  private int opened;
  private int mostQueues;
  private int askedToCordon;
  private int awayForCordons;
  private boolean mute;
  private volatile Runnable cordoning = () -> {};

  public FakeQueue() {
    this(0);
  }

  public FakeQueue(int port) {
    this(port, InsecureServerCredentials.create());
  }

  public FakeQueue(int port, ServerCredentials credentials) {
    try {
      server =
          Grpc.newServerBuilderForPort(port, credentials)
              .directExecutor()
              .permitKeepAliveTime(1, java.util.concurrent.TimeUnit.SECONDS)
              .addService(this)
              .build()
              .start();
      address = "localhost:" + server.getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String address() {
    return address;
  }

  /** Sets how much waits and runs, and tells everybody. */
  public synchronized void holds(long nowWaiting, long nowRunning) {
    waiting = nowWaiting;
    running = nowRunning;
    publish();
  }

  /** The worker is connected and holds so many leases. */
  public synchronized void worker(String id, int busy) {
    boolean isCordoned = workers.containsKey(id) && workers.get(id).getCordoned();
    workers.put(id, state(id, busy, isCordoned));
    publish();
  }

  /** The worker takes leases between the last snapshot and the next one. */
  public synchronized void secretlyBusy(String id, int busy) {
    workers.put(id, state(id, busy, false));
  }

  public synchronized void gone(String id) {
    workers.remove(id);
    publish();
  }

  /** Says nothing any more, with streams that stay open. */
  public synchronized void mute() {
    mute = true;
  }

  public synchronized void breakStreams() {
    watches.forEach(
        w -> w.stream().onError(Status.UNAVAILABLE.withDescription("stops").asRuntimeException()));
    watches.clear();
  }

  public synchronized void sends(QueueSnapshot snapshot) {
    watches.forEach(w -> w.stream().onNext(snapshot));
  }

  /** Does this before it answers the next cordon. */
  public void whenCordoning(Runnable step) {
    cordoning = step;
  }

  public synchronized List<String> cordoned() {
    return List.copyOf(cordoned);
  }

  /** WatchQueue calls so far. */
  public synchronized int opened() {
    return opened;
  }

  /** The most queues that one call named. */
  public synchronized int mostQueues() {
    return mostQueues;
  }

  public synchronized int open() {
    watches.removeIf(w -> w.stream().isCancelled());
    return watches.size();
  }

  @Override
  public synchronized void watchQueue(
      WatchQueueRequest request, StreamObserver<QueueSnapshot> observer) {
    var watch =
        new Watch(request.getQueuesList(), (ServerCallStreamObserver<QueueSnapshot>) observer);
    watch.stream().setOnCancelHandler(() -> {});
    watches.add(watch);
    opened++;
    mostQueues = Math.max(mostQueues, request.getQueuesCount());
    send(watch);
  }

  /** Answers so many cordons as if it were not there. */
  public synchronized void awayForCordons(int times) {
    awayForCordons = times;
  }

  /** Cordons that were asked for, with each attempt. */
  public synchronized int askedToCordon() {
    return askedToCordon;
  }

  @Override
  public void cordon(CordonRequest request, StreamObserver<CordonResponse> observer) {
    Runnable first = cordoning;
    cordoning = () -> {};
    first.run();
    if (isAway()) {
      observer.onError(Status.UNAVAILABLE.withDescription("away").asRuntimeException());
      return;
    }
    observer.onNext(answer(request));
    observer.onCompleted();
  }

  private synchronized boolean isAway() {
    return ++askedToCordon <= awayForCordons;
  }

  private synchronized CordonResponse answer(CordonRequest request) {
    WorkerState worker = workers.get(request.getWorkerId());
    var response = CordonResponse.newBuilder();
    if (worker == null || isOther(worker, request.getIncarnation())) {
      response.setOutcome(CordonResponse.Outcome.OUTCOME_UNKNOWN);
    } else if (worker.getBusy() > 0 && request.getOnlyIfIdle()) {
      response.setOutcome(CordonResponse.Outcome.OUTCOME_BUSY).setBusy(worker.getBusy());
    } else {
      cordoned.add(request.getWorkerId());
      workers.put(request.getWorkerId(), worker.toBuilder().setCordoned(true).build());
      response
          .setOutcome(CordonResponse.Outcome.OUTCOME_CORDONED)
          .setIncarnation(worker.getIncarnation());
    }
    return response.build();
  }

  @Override
  public synchronized void uncordon(
      UncordonRequest request, StreamObserver<UncordonResponse> observer) {
    observer.onNext(UncordonResponse.newBuilder().setUncordoned(true).build());
    observer.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private void publish() {
    watches.removeIf(w -> w.stream().isCancelled());
    watches.forEach(this::send);
  }

  private void send(Watch watch) {
    if (!mute) {
      watch.queues().forEach(queue -> watch.stream().onNext(snapshot(queue)));
    }
  }

  private QueueSnapshot snapshot(String queue) {
    version++;
    return QueueSnapshot.newBuilder()
        .setQueue(queue)
        .setVersion(version)
        .setWaiting(waiting)
        .setRunning(running)
        .addAllWorkers(workers.values())
        .build();
  }

  private static WorkerState state(String id, int busy, boolean cordoned) {
    return WorkerState.newBuilder()
        .setWorkerId(id)
        .setIncarnation("first")
        .setSlots(3)
        .setBusy(busy)
        .setCordoned(cordoned)
        .setConnected(true)
        .build();
  }

  private static boolean isOther(WorkerState worker, String incarnation) {
    return !incarnation.isEmpty() && !incarnation.equals(worker.getIncarnation());
  }
}
