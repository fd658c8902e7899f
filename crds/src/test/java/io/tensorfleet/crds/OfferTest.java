package io.tensorfleet.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a pool's workers offer, and whom that serves. */
class OfferTest {
  private static final long GIB = 1L << 30;

  @Test
  void capabilitiesAndLabelsOfTheSpecAreTheOffer() {
    Offer offer =
        offer(
            """
            worker: {capabilities: {gpuCount: 2, memoryGb: 16}, labels: {zone: a}}
            template: {spec: {containers: [{name: worker, resources: {limits: {nvidia.com/gpu: 8, memory: 1Gi}}}]}}
            """);

    assertThat(offer)
        .isEqualTo(new Offer(OptionalInt.of(2), OptionalLong.of(16 * GIB), Map.of("zone", "a")));
  }

  @Test
  void withoutThemTheLimitsOfTheWorkerContainerAre() {
    Offer offer =
        offer(
            """
            template: {spec: {containers: [
              {name: other, resources: {limits: {nvidia.com/gpu: 8}}},
              {name: worker, resources: {limits: {amd.com/gpu: 1, memory: 512Mi}}}]}}
            """);

    assertThat(offer).isEqualTo(new Offer(OptionalInt.of(1), OptionalLong.of(GIB / 2), Map.of()));
  }

  @Test
  void variablesThatTheTemplateSetsReachTheWorkerFirst() {
    Offer offer =
        offer(
            """
            worker: {capabilities: {gpuCount: 0}, labels: {zone: a}}
            template: {spec: {containers: [{name: worker, env: [
              {name: GPU_COUNT, value: "4"}, {name: MEMORY_GB, value: "1.5"}, {name: LABELS, value: "disk=ssd,zone=b"}]}]}}
            """);

    assertThat(offer)
        .isEqualTo(
            new Offer(
                OptionalInt.of(4),
                OptionalLong.of(GIB * 3 / 2),
                Map.of("disk", "ssd", "zone", "b")));
  }

  @Test
  void aPoolThatSaysNothingHasNoGpuAndAsMuchMemoryAsIsAskedFor() {
    Offer silent = offer("queue: default");

    assertThat(silent).isEqualTo(Offer.unknown());
    assertThat(silent.meets(Needs.nothing())).isTrue();
    assertThat(silent.meets(new Needs(0, 1L << 50, Map.of()))).isTrue();
    assertThat(silent.meets(new Needs(1, 0, Map.of()))).isFalse();
    assertThat(silent.meets(new Needs(0, 0, Map.of("zone", "a")))).isFalse();
  }

  @Test
  void whatIsNotKnownIsTakenFromWhatWorkersTell() {
    Offer told = new Offer(OptionalInt.of(1), OptionalLong.of(8 * GIB), Map.of("zone", "a"));
    Offer said = new Offer(OptionalInt.of(0), OptionalLong.empty(), Map.of());

    assertThat(said.or(told))
        .isEqualTo(new Offer(OptionalInt.of(0), OptionalLong.of(8 * GIB), Map.of("zone", "a")));
  }

  @Test
  void theMostOfTwoIsTheGreaterNumberOfEach() {
    Offer roomy = new Offer(OptionalInt.of(0), OptionalLong.of(8 * GIB), Map.of());
    Offer gpu = new Offer(OptionalInt.of(1), OptionalLong.of(GIB), Map.of());

    assertThat(roomy.most(gpu))
        .isEqualTo(new Offer(OptionalInt.of(1), OptionalLong.of(8 * GIB), Map.of()));
    assertThat(Offer.unknown().most(Offer.unknown())).isEqualTo(Offer.unknown());
    assertThat(Offer.unknown().most(gpu)).isEqualTo(gpu);
  }

  @Test
  void everyPartOfWhatIsAskedForMustBeOffered() {
    Offer offer =
        new Offer(OptionalInt.of(2), OptionalLong.of(GIB), Map.of("zone", "a", "disk", "ssd"));

    assertThat(offer.meets(new Needs(2, GIB, Map.of("zone", "a")))).isTrue();
    assertThat(offer.meets(new Needs(3, 0, Map.of()))).isFalse();
    assertThat(offer.meets(new Needs(0, GIB + 1, Map.of()))).isFalse();
    assertThat(offer.meets(new Needs(0, 0, Map.of("zone", "b")))).isFalse();
  }

  @Test
  void thePlainestOfferComesFirst() {
    Offer plain = new Offer(OptionalInt.empty(), OptionalLong.of(GIB), Map.of());
    Offer roomy = new Offer(OptionalInt.of(0), OptionalLong.empty(), Map.of());
    Offer special = new Offer(OptionalInt.empty(), OptionalLong.of(1), Map.of("zone", "a"));
    Offer gpu = new Offer(OptionalInt.of(1), OptionalLong.of(1), Map.of());

    assertThat(Stream.of(gpu, special, roomy, plain).sorted(Offer.LEAST_FIRST))
        .containsExactly(plain, roomy, special, gpu);
  }

  @Test
  void whatIsAskedForReadsLikeASentence() {
    assertThat(new Needs(2, 16 * GIB, Map.of("zone", "a")).text())
        .isEqualTo("2 GPUs, 16 GiB of memory and label zone=a");
    assertThat(new Needs(1, 0, Map.of("zone", "a", "disk", "ssd")).text())
        .isEqualTo("1 GPU and labels disk=ssd, zone=a");
    assertThat(new Needs(0, 1, Map.of()).text()).isEqualTo("1 MiB of memory");
    assertThat(Needs.nothing().text()).isEqualTo("nothing");
  }

  private static Offer offer(String spec) {
    return Offer.of(Serialization.unmarshal(spec, WorkerPoolSpec.class));
  }
}
