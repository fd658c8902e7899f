package io.tensorfleet.operator.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsTest {
  @ParameterizedTest
  @ValueSource(strings = {"x", "ä", "…", "🚀"})
  void aNoteIsNeverLongerThanTheBytesThatTheApiServerTakes(String letter) {
    String note = note("Degraded is True: " + letter.repeat(1_024));

    assertThat(note.getBytes(UTF_8).length).isBetween(1_020, 1_024);
    assertThat(note).startsWith("Degraded is True: " + letter).endsWith("…");
    assertThat(UTF_8.newEncoder().canEncode(note)).as("no character is cut in two").isTrue();
  }

  @Test
  void aNoteThatFitsIsTheWholeSentence() {
    assertThat(note("x".repeat(1_021) + "…")).hasSize(1_022).endsWith("x…");
    assertThat(note("Ready is True")).isEqualTo("Ready is True");
  }

  private static String note(String text) {
    var what = new Announcement(true, "Degraded", "Observe", text, "subject");
    return Events.of(Pools.pool(), what, "operator-0", Pools.NOON).getNote();
  }
}
