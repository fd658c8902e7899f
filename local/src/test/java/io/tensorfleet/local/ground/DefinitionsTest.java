package io.tensorfleet.local.ground;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'status': {}}",
        "{'status': {'conditions': null}}",
        "{'status': {'conditions': [{'type': 'Established', 'status': 'False'}]}}",
        "{'status': {'conditions': [{'type': 'NamesAccepted', 'status': 'True'}]}}"
      })
  void aDefinitionIsNotServedBeforeItIsEstablished(String json) {
    assertThat(Definitions.isEstablished(read(json))).isFalse();
    assertThat(Definitions.isEstablished(null)).isFalse();
  }

  @Test
  void anEstablishedDefinitionIsServed() {
    assertThat(
            Definitions.isEstablished(
                read("{'status': {'conditions': [{'type': 'Established', 'status': 'True'}]}}")))
        .isTrue();
  }

  private static CustomResourceDefinition read(String json) {
    return Serialization.unmarshal(json.replace('\'', '"'), CustomResourceDefinition.class);
  }
}
