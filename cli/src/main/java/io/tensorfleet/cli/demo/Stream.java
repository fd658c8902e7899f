package io.tensorfleet.cli.demo;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Queue;
import java.util.function.Consumer;

/** A gRPC stream into the demo's events; its breaking is an event, its planned end is not. */
record Stream<T>(Consumer<T> next, Queue<DemoEvent> events) implements StreamObserver<T> {
  static <T> Stream<T> into(Consumer<T> next, Queue<DemoEvent> events) {
    return new Stream<>(next, events);
  }

  @Override
  public void onNext(T value) {
    next.accept(value);
  }

  @Override
  public void onError(Throwable thrown) {
    var status = Status.fromThrowable(thrown);
    if (status.getCode() != Status.Code.CANCELLED) {
      events.add(new DemoEvent.Broken("the orchestrator's stream broke: " + status));
    }
  }

  @Override
  public void onCompleted() {}
}
