package io.tensorfleet.worker.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamesAndSourcesTest {

  @Test
  void hiddenClassesAreTheSameInEachRun() {
    assertThat(JavaNames.stable("a.B$$Lambda.0x0000000029168210")).isEqualTo("a.B$$Lambda");
    assertThat(JavaNames.stable("a.B$$Lambda/0x00007f0029168210")).isEqualTo("a.B$$Lambda");
    assertThat(JavaNames.stable("a.B0x1")).isEqualTo("a.B0x1");
  }

  @Test
  void nestedClassesLieInTheFileOfTheirOuterOne() {
    assertThat(JavaNames.sourceFile("a.b.C$D$1")).isEqualTo("a/b/C.java");
    assertThat(JavaNames.sourceFile("a.b.C$$Lambda")).isEqualTo("a/b/C.java");
    assertThat(JavaNames.sourceFile("C")).isEqualTo("C.java");
    assertThat(JavaNames.sourceFile("a.$Proxy1")).isEqualTo("a/$Proxy1.java");
  }

  @Test
  void arraysAreNamedAsInSource() {
    assertThat(JavaNames.readable("[[B")).isEqualTo("byte[][]");
    assertThat(JavaNames.readable("[Ljava.lang.String;")).isEqualTo("java.lang.String[]");
    assertThat(JavaNames.readable("java.lang.String")).isEqualTo("java.lang.String");
  }

  @Test
  void processorTimeIsSampledOnLinuxAndElseByTheOlderEventsWhichTheCommentNames() {
    Set<String> known = Set.of("jdk.CPUTimeSample", "jdk.ExecutionSample");
    assertThat(Source.cpu(known, "Linux").events()).containsOnlyKeys("jdk.CPUTimeSample");
    for (Source older :
        List.of(
            Source.cpu(known, "Mac OS X"), Source.cpu(Set.of("jdk.ExecutionSample"), "Linux"))) {
      assertThat(older.events()).containsOnlyKeys("jdk.ExecutionSample", "jdk.NativeMethodSample");
      assertThat(older.comment()).contains("jdk.ExecutionSample", "no jdk.CPUTimeSample");
    }
  }

  @Test
  void aHistogramBecomesASampleForEachClass() {
    String text =
        """
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         28912        2711808  [B (java.base@25)
           2:            12            384  io.tensorfleet.worker.engine.Run
        Total         28924        2712192
        """;
    Profile profile = ClassHistogram.parse(text, Instant.EPOCH);
    assertThat(profile.samples().keySet())
        .extracting(stack -> stack.frames().getFirst().function())
        .containsExactly("byte[]", "io.tensorfleet.worker.engine.Run");
    assertThat(profile.samples().values())
        .containsExactly(new long[] {28_912, 2_711_808}, new long[] {12, 384});
    assertThat(profile.kind().shown().type()).isEqualTo("inuse_space");
  }
}
