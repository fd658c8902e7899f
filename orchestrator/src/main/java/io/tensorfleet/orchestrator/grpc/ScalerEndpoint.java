package io.tensorfleet.orchestrator.grpc;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.orchestrator.core.Mistakes;
import io.tensorfleet.orchestrator.core.ScalerTarget;
import io.tensorfleet.orchestrator.watch.QueueFollower;
import io.tensorfleet.orchestrator.watch.Watches;
import io.tensorfleet.proto.externalscaler.ExternalScalerGrpc;
import io.tensorfleet.proto.externalscaler.GetMetricSpecResponse;
import io.tensorfleet.proto.externalscaler.GetMetricsRequest;
import io.tensorfleet.proto.externalscaler.GetMetricsResponse;
import io.tensorfleet.proto.externalscaler.IsActiveResponse;
import io.tensorfleet.proto.externalscaler.MetricSpec;
import io.tensorfleet.proto.externalscaler.MetricValue;
import io.tensorfleet.proto.externalscaler.ScaledObjectRef;
import io.tensorfleet.proto.v1.QueueSnapshot;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * KEDA's external scaler. The metric of a queue is its demand in slots, waiting and running tasks
 * together; its target is the slots of one worker, so that KEDA's division gives workers. Numbers
 * stand in the int and in the float field; zero is zero in both.
 */
public final class ScalerEndpoint extends ExternalScalerGrpc.ExternalScalerImplBase
    implements AutoCloseable {
  private static final Status AWAY =
      Status.UNAVAILABLE.withDescription("the queue's database does not answer: try again");

  private final Watches watches;
  private final Set<KedaStream<?>> streams = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public ScalerEndpoint(Watches watches) {
    this.watches = watches;
  }

  @Override
  public void isActive(ScaledObjectRef ref, StreamObserver<IsActiveResponse> out) {
    answer(ref, out, (_, state) -> active(state));
  }

  /** Whether there is work, at once and each time that it turns. */
  @Override
  public void streamIsActive(ScaledObjectRef ref, StreamObserver<IsActiveResponse> out) {
    with(ref, out, target -> follow(target, open(out)));
  }

  @Override
  public void getMetricSpec(ScaledObjectRef ref, StreamObserver<GetMetricSpecResponse> out) {
    with(
        ref,
        out,
        target -> {
          out.onNext(spec(target));
          out.onCompleted();
        });
  }

  /** What GetMetricSpec says; it never changes, so that it is told once. */
  @Override
  public void streamMetricSpec(ScaledObjectRef ref, StreamObserver<GetMetricSpecResponse> out) {
    with(
        ref,
        out,
        target -> {
          var _ = open(out).tell(spec(target));
        });
  }

  @Override
  public void getMetrics(GetMetricsRequest request, StreamObserver<GetMetricsResponse> out) {
    with(
        request.getScaledObjectRef(),
        out,
        target -> {
          String asked = request.getMetricName();
          if (!asked.isEmpty() && !asked.equals(target.metricName())) {
            throw Answers.invalid(
                "metricName is '%s': accepted is '%s', as GetMetricSpec names it"
                    .formatted(asked, target.metricName()));
          }
          answer(request.getScaledObjectRef(), out, ScalerEndpoint::value);
        });
  }

  /** Ends every stream with OK. */
  @Override
  public void close() {
    closed = true;
    streams.forEach(KedaStream::end);
  }

  /** Something to do for a target that is right. */
  private interface Deed {
    void on(ScalerTarget target) throws StatusException;
  }

  private static <T> void with(ScaledObjectRef ref, StreamObserver<T> out, Deed deed) {
    Mistakes mistakes = new Mistakes();
    ScalerTarget target = ScalerTarget.of(ref.getScalerMetadataMap(), mistakes);
    try {
      if (!mistakes.found().isEmpty()) {
        throw Answers.invalid(mistakes.told());
      }
      deed.on(target);
    } catch (StatusException e) {
      out.onError(e);
    }
  }

  private interface Saying<T> {
    T of(ScalerTarget target, QueueSnapshot state);
  }

  private <T> void answer(ScaledObjectRef ref, StreamObserver<T> out, Saying<T> saying) {
    with(
        ref,
        out,
        target -> {
          KedaStream<T> one = stream(out);
          watches.ask(
              target.queue(),
              follower(
                  state -> {
                    var _ = one.tell(saying.of(target, state));
                    one.end();
                    return false;
                  },
                  one));
        });
  }

  private void follow(ScalerTarget target, KedaStream<IsActiveResponse> stream) {
    watches.follow(target.queue(), follower(state -> stream.tell(active(state)), stream));
  }

  private static QueueFollower follower(
      Function<QueueSnapshot, Boolean> take, KedaStream<?> stream) {
    return new QueueFollower() {
      @Override
      public boolean take(QueueSnapshot state) {
        return take.apply(state);
      }

      @Override
      public void away() {
        stream.fail(AWAY);
      }
    };
  }

  private <T> KedaStream<T> open(StreamObserver<T> out) {
    KedaStream<T> stream = stream(out);
    streams.add(stream);
    ((ServerCallStreamObserver<T>) out).setOnCancelHandler(() -> streams.remove(stream));
    if (closed) {
      stream.end();
    }
    return stream;
  }

  private static <T> KedaStream<T> stream(StreamObserver<T> out) {
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) out;
    call.setOnCancelHandler(() -> {});
    return new KedaStream<>(call);
  }

  private static IsActiveResponse active(QueueSnapshot state) {
    return IsActiveResponse.newBuilder().setResult(demand(state) > 0).build();
  }

  private static long demand(QueueSnapshot state) {
    return state.getWaiting() + state.getRunning();
  }

  private static GetMetricSpecResponse spec(ScalerTarget target) {
    return GetMetricSpecResponse.newBuilder()
        .addMetricSpecs(
            MetricSpec.newBuilder()
                .setMetricName(target.metricName())
                .setTargetSize(target.slotsPerWorker())
                .setTargetSizeFloat(target.slotsPerWorker()))
        .build();
  }

  private static GetMetricsResponse value(ScalerTarget target, QueueSnapshot state) {
    return GetMetricsResponse.newBuilder()
        .addMetricValues(
            MetricValue.newBuilder()
                .setMetricName(target.metricName())
                .setMetricValue(demand(state))
                .setMetricValueFloat((double) demand(state)))
        .build();
  }
}
