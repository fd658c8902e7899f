package io.tensorfleet.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.externalscaler.ExternalScalerGrpc;
import io.tensorfleet.proto.externalscaler.ExternalScalerGrpc.ExternalScalerBlockingStub;
import io.tensorfleet.proto.externalscaler.GetMetricSpecResponse;
import io.tensorfleet.proto.externalscaler.GetMetricsRequest;
import io.tensorfleet.proto.externalscaler.IsActiveResponse;
import io.tensorfleet.proto.externalscaler.MetricSpec;
import io.tensorfleet.proto.externalscaler.MetricValue;
import io.tensorfleet.proto.externalscaler.ScaledObjectRef;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What KEDA sees: the five calls of its external scaler, on a real queue. */
class ScalerIT {
  private static Fixture fixture;
  private static Orchestrator one;

  @BeforeAll
  static void start() {
    fixture = new Fixture();
    one = fixture.orchestrator("one");
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static final class Reader<T> implements StreamObserver<T> {
    private final List<T> seen = new CopyOnWriteArrayList<>();
    private volatile Optional<Status> ended = Optional.empty();

    @Override
    public void onNext(T value) {
      seen.add(value);
    }

    @Override
    public void onError(Throwable t) {
      ended = Optional.of(Status.fromThrowable(t));
    }

    @Override
    public void onCompleted() {
      ended = Optional.of(Status.OK);
    }

    void until(String what, int count) {
      Waiting.until(what, () -> seen.size() >= count);
    }

    Status.Code end() {
      return Waiting.find("the stream's end", () -> ended).getCode();
    }
  }

  private static ScaledObjectRef ref(Map<String, String> metadata) {
    return ScaledObjectRef.newBuilder()
        .setName("trainers")
        .setNamespace("default")
        .putScalerMetadata("scalerAddress", "tensorfleet-orchestrator:50051")
        .putAllScalerMetadata(metadata)
        .build();
  }

  private static ScaledObjectRef of(String queue) {
    return ref(Map.of("queue", queue, "slotsPerWorker", "4"));
  }

  private static ExternalScalerBlockingStub scaler() {
    return ExternalScalerGrpc.newBlockingStub(fixture.channel(one))
        .withDeadlineAfter(Waiting.LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private static Reader<IsActiveResponse> activity(Orchestrator of, String queue) {
    Reader<IsActiveResponse> reader = new Reader<>();
    ExternalScalerGrpc.newStub(fixture.channel(of)).streamIsActive(of(queue), reader);
    return reader;
  }

  private static MetricValue value(String queue) {
    return scaler()
        .getMetrics(
            GetMetricsRequest.newBuilder()
                .setScaledObjectRef(of(queue))
                .setMetricName("tensorfleet-" + queue)
                .build())
        .getMetricValues(0);
  }

  @Test
  void theTargetIsTheSlotsOfAWorkerInBothFields() {
    assertThat(scaler().getMetricSpec(of("spec")).getMetricSpecsList())
        .containsExactly(
            MetricSpec.newBuilder()
                .setMetricName("tensorfleet-spec")
                .setTargetSize(4)
                .setTargetSizeFloat(4)
                .build());
  }

  @Test
  void anEmptyQueueIsInactiveAndZeroInBothFields() {
    assertThat(scaler().isActive(of("nothing")).getResult()).isFalse();
    assertThat(value("nothing"))
        .isEqualTo(MetricValue.newBuilder().setMetricName("tensorfleet-nothing").build());
    assertThat(value("nothing").getMetricValue()).isZero();
    assertThat(value("nothing").getMetricValueFloat()).isZero();
  }

  @Test
  void runningTasksCountAsWaitingOnesDo() {
    fixture.jobs(one).submit(Fixture.tasks("demand-job", 5).setQueue("demand").build());
    Waiting.until("five wait", () -> value("demand").getMetricValue() == 5);
    try (TestWorker worker =
        TestWorker.join(
            one, TestWorker.hello("keda", "a", 5).toBuilder().addQueues("demand").build())) {
      worker.credit(2);
      List<Lease> leases = worker.leases(2);
      assertThat(value("demand").getMetricValue()).as("2 run, 3 wait").isEqualTo(5);
      worker.result(leases.getFirst().getToken(), Outcome.OUTCOME_COMPLETED);
      Waiting.until("one has ended", () -> value("demand").getMetricValue() == 4);
      assertThat(value("demand").getMetricValueFloat()).isEqualTo(4);
      assertThat(scaler().isActive(of("demand")).getResult()).isTrue();
    }
  }

  @Test
  void onlyRunningTasksKeepAQueueActive() {
    try (TestWorker worker =
        TestWorker.join(
            one, TestWorker.hello("busy", "a", 1).toBuilder().addQueues("busy").build())) {
      fixture.jobs(one).submit(Fixture.tasks("busy-job", 1).setQueue("busy").build());
      worker.credit(1);
      Lease lease = worker.leases(1).getFirst();
      assertThat(scaler().isActive(of("busy")).getResult()).isTrue();
      worker.result(lease.getToken(), Outcome.OUTCOME_COMPLETED);
      Waiting.until("it is idle", () -> !scaler().isActive(of("busy")).getResult());
    }
  }

  @Test
  void activityIsPushedOnceEachTimeThatItTurns() {
    Reader<IsActiveResponse> reader = activity(one, "pushed");
    reader.until("inactive at once", 1);
    try (TestWorker worker =
        TestWorker.join(
            one, TestWorker.hello("pushed", "a", 2).toBuilder().addQueues("pushed").build())) {
      fixture.jobs(one).submit(Fixture.tasks("pushed-job", 2).setQueue("pushed").build());
      reader.until("active", 2);
      worker.credit(2);
      worker.leases(2).forEach(lease -> worker.result(lease.getToken(), Outcome.OUTCOME_COMPLETED));
      reader.until("inactive again", 3);
    }
    assertThat(reader.seen)
        .extracting(IsActiveResponse::getResult)
        .containsExactly(false, true, false);
  }

  @Test
  void streamsEndWithOkWhenTheOrchestratorStops() {
    Orchestrator leaving = fixture.orchestrator("leaving");
    Reader<IsActiveResponse> activity = activity(leaving, "leaving");
    Reader<GetMetricSpecResponse> specs = new Reader<>();
    ExternalScalerGrpc.newStub(fixture.channel(leaving)).streamMetricSpec(of("leaving"), specs);
    activity.until("first activity", 1);
    specs.until("the spec", 1);

    leaving.close();

    assertThat(activity.end()).isEqualTo(Status.Code.OK);
    assertThat(specs.end()).isEqualTo(Status.Code.OK);
    assertThat(specs.seen).containsExactly(scaler().getMetricSpec(of("leaving")));
  }

  @Test
  void badMetadataIsRefusedWithASentenceByEachCall() {
    ScaledObjectRef bad = ref(Map.of("queue", "My Queue", "slots", "4"));
    String told =
        "INVALID_ARGUMENT: scalerMetadata.queue is 'My Queue': accepted is 1 to 63 characters of [a-z0-9-]\n"
            + "a key of scalerMetadata is 'slots': accepted is slotsPerWorker";
    ExternalScalerBlockingStub scaler = scaler();

    assertThatThrownBy(() -> scaler.isActive(bad)).hasMessage(told);
    assertThatThrownBy(() -> scaler.getMetricSpec(bad)).hasMessage(told);
    assertThatThrownBy(() -> scaler.streamIsActive(bad).next()).hasMessage(told);
    assertThatThrownBy(() -> scaler.streamMetricSpec(bad).next()).hasMessage(told);
    var request = GetMetricsRequest.newBuilder().setScaledObjectRef(bad).build();
    assertThatThrownBy(() -> scaler.getMetrics(request)).hasMessage(told);
  }

  @Test
  void aMetricThatThereIsNotIsRefused() {
    var request =
        GetMetricsRequest.newBuilder()
            .setScaledObjectRef(of("spec"))
            .setMetricName("s0-tensorfleet-spec")
            .build();
    assertThatThrownBy(() -> scaler().getMetrics(request))
        .hasMessage(
            "INVALID_ARGUMENT: metricName is 's0-tensorfleet-spec': accepted is 'tensorfleet-spec', as GetMetricSpec names it");
  }
}
