package io.tensorfleet.orchestrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalerTargetTest {
  private final Mistakes mistakes = new Mistakes();

  private List<String> told(Map<String, String> metadata) {
    var _ = ScalerTarget.of(metadata, mistakes);
    return mistakes.found();
  }

  @Test
  void withoutMetadataItIsTheDefaultQueueAndAWorkersUsualSlots() {
    assertThat(ScalerTarget.of(Map.of(), mistakes)).isEqualTo(new ScalerTarget("default", 3));
  }

  @Test
  void queueAndSlotsAreReadAndWhatIsKedasOwnIsLetPass() {
    var metadata =
        Map.of(
            "queue",
            "gpu",
            "slotsPerWorker",
            "8",
            "scalerAddress",
            "o:50051",
            "enableTLS",
            "false");

    assertThat(ScalerTarget.of(metadata, mistakes)).isEqualTo(new ScalerTarget("gpu", 8));
    assertThat(mistakes.found()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "1025", "-1", "3.5", "three", " 3", "99999999999"})
  void aWrongNumberOfSlotsIsRefused(String slots) {
    assertThat(told(Map.of("slotsPerWorker", slots)))
        .containsExactly("scalerMetadata.slotsPerWorker is '" + slots + "': accepted is 1 to 1024");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GPU", "a_b", "a b"})
  void aWrongQueueIsRefused(String queue) {
    assertThat(told(Map.of("queue", queue)))
        .containsExactly(
            "scalerMetadata.queue is '" + queue + "': accepted is 1 to 63 characters of [a-z0-9-]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"slots", "targetSize", "slots_per_worker", "slotsperworker"})
  void aKeyThatIsMeantForOursIsToldItsName(String key) {
    assertThat(told(Map.of(key, "8")))
        .containsExactly("a key of scalerMetadata is '" + key + "': accepted is slotsPerWorker");
  }
}
