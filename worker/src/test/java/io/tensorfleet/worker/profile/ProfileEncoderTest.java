package io.tensorfleet.worker.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DynamicMessage;
import io.tensorfleet.worker.profile.Profile.Frame;
import io.tensorfleet.worker.profile.Profile.Kind;
import io.tensorfleet.worker.profile.Profile.Stack;
import io.tensorfleet.worker.profile.Profile.ValueType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfileEncoderTest {
  private static final Kind CPU =
      new Kind(
          List.of(new ValueType("samples", "count"), new ValueType("cpu", "nanoseconds")),
          10_000_000);
  private static final Frame LEAF = new Frame("a.B.leaf", "a.B.leaf()V", "a/B.java", 7);
  private static final Frame LATER = new Frame("a.B.leaf", "a.B.leaf()V", "a/B.java", 9);
  private static final Frame ROOT = new Frame("a.B.root", "a.B.root()V", "a/B.java", 3);
  private final Profile profile = new Profile(CPU, Instant.ofEpochSecond(1_700_000_000L, 5));

  private PprofMessage decoded() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ProfileEncoder.write(profile, bytes);
    return PprofMessage.parse(bytes.toByteArray());
  }

  private static Stack stack(Frame leaf, String task) {
    return new Stack(List.of(leaf, ROOT), Map.of("thread", "task-1", "task_id", task));
  }

  @Test
  void equalStacksAreAddedUpAndOthersStayApart() throws IOException {
    profile.add(stack(LEAF, "x"), 1, 10_000_000);
    profile.add(stack(LEAF, "x"), 1, 10_000_000);
    profile.add(stack(LATER, "x"), 1, 10_000_000);
    profile.add(stack(LEAF, "y"), 1, 10_000_000);
    List<DynamicMessage> samples = decoded().all("sample");
    assertThat(samples).hasSize(3);
    assertThat(PprofMessage.values(samples.getFirst())).containsExactly(2L, 20_000_000L);
    assertThat(PprofMessage.values(samples.getLast())).containsExactly(1L, 10_000_000L);
  }

  @Test
  void aSampleNamesItsStackFromTheInnermostAndItsLabels() throws IOException {
    profile.add(stack(LATER, "x"), 1, 10_000_000);
    PprofMessage message = decoded();
    DynamicMessage sample = message.all("sample").getFirst();
    assertThat(message.stack(sample)).containsExactly("a.B.leaf a/B.java:9", "a.B.root a/B.java:3");
    assertThat(message.labels(sample)).isEqualTo(Map.of("thread", "task-1", "task_id", "x"));
  }

  @Test
  void tablesHoldEachThingOnceAndStartWithTheEmptyText() throws IOException {
    profile.add(stack(LEAF, "x"), 1, 1);
    profile.add(stack(LATER, "x"), 1, 1);
    PprofMessage message = decoded();
    assertThat(message.all("location")).hasSize(3);
    assertThat(message.all("function")).hasSize(2);
    assertThat(message.strings()).doesNotHaveDuplicates().startsWith("");
    assertThat(message.unknownFields()).isFalse();
    DynamicMessage mapping = message.all("mapping").getFirst();
    assertThat(message.text(mapping, "filename")).isEqualTo("tensorfleet-worker");
    assertThat(message.all("location"))
        .allMatch(location -> PprofMessage.number(location, "mapping_id") == 1);
  }

  @Test
  void theHeadSaysWhatIsCountedAndWhen() throws IOException {
    profile.lasted(Duration.ofSeconds(5));
    profile.comment("2 samples were lost");
    PprofMessage message = decoded();
    assertThat(message.types()).containsExactly("samples/count", "cpu/nanoseconds");
    assertThat(message.text("default_sample_type")).isEqualTo("cpu");
    assertThat(message.number("period")).isEqualTo(10_000_000);
    assertThat(message.number("time_nanos")).isEqualTo(1_700_000_000_000_000_005L);
    assertThat(message.number("duration_nanos")).isEqualTo(5_000_000_000L);
    assertThat(message.comments()).containsExactly("2 samples were lost");
  }
}
