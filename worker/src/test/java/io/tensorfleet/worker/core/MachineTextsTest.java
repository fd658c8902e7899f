package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachineTextsTest {
  private static final String V1_MOUNTS =
      """
      31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
      32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
      35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
      41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
      """;
  private static final String V2_MOUNT = "30 23 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw\n";

  @Test
  void aV1ControllersFoldersLeadUpToItsMount() {
    assertThat(CgroupFolders.of("memory", "4:memory:/a/b\n0::/\n", V1_MOUNTS))
        .contains(
            new CgroupFolders(
                CgroupFolders.Version.V1,
                List.of(
                    "/sys/fs/cgroup/memory/a/b",
                    "/sys/fs/cgroup/memory/a",
                    "/sys/fs/cgroup/memory")));
    assertThat(CgroupFolders.of("cpu", "3:cpu,cpuacct:/x\n", V1_MOUNTS).orElseThrow().paths())
        .containsExactly("/sys/fs/cgroup/cpu,cpuacct/x", "/sys/fs/cgroup/cpu,cpuacct");
  }

  @Test
  void aControllerThatV1DoesNotHoldIsV2s() {
    CgroupFolders folders =
        CgroupFolders.of("cpuset", "4:memory:/a\n0::/user/x:y\n", V1_MOUNTS).orElseThrow();
    assertThat(folders.version()).isEqualTo(CgroupFolders.Version.V2);
    assertThat(folders.paths())
        .containsExactly(
            "/sys/fs/cgroup/unified/user/x:y",
            "/sys/fs/cgroup/unified/user",
            "/sys/fs/cgroup/unified");
  }

  @Test
  void aMountOfAGroupShowsThatGroupAsItsTop() {
    String mount = "35 31 0:32 /docker/c1 /sys/fs/cgroup\\040x ro - cgroup cgroup rw,memory\n";
    assertThat(CgroupFolders.of("memory", "4:memory:/docker/c1\n", mount).orElseThrow().paths())
        .containsExactly("/sys/fs/cgroup x");
    assertThat(CgroupFolders.of("memory", "4:memory:/docker/c1/in\n", mount).orElseThrow().paths())
        .containsExactly("/sys/fs/cgroup x/in", "/sys/fs/cgroup x");
    assertThat(CgroupFolders.of("memory", "4:memory:/docker/c12\n", mount).orElseThrow().paths())
        .containsExactly("/sys/fs/cgroup x");
  }

  @Test
  void ofNestedMountsTheOneOfTheNearestRootIsRead() {
    String mounts =
        "1 0 0:1 / /host/cgroup rw - cgroup2 c rw\n2 0 0:1 /pod/c /sys/fs/cgroup rw - cgroup2 c rw\n";
    assertThat(CgroupFolders.of("cpu", "0::/pod/c\n", mounts).orElseThrow().paths())
        .containsExactly("/sys/fs/cgroup");
  }

  @Test
  void aPathThatLeadsOutOfItsMountIsNotFollowed() {
    assertThat(CgroupFolders.of("cpu", "0::/../../etc\n", V2_MOUNT).orElseThrow().paths())
        .containsExactly("/sys/fs/cgroup");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n\n", "0:", ":::", "0::relative", "nonsense - - -", "1 2 3 4 5 6 - - -"})
  void textsThatAreNoneNameNoFolders(String text) {
    assertThat(CgroupFolders.of("cpu", text, V2_MOUNT)).isEmpty();
    assertThat(CgroupFolders.of("cpu", "0::/\n", text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "50000 100000,0.5",
    "250000 100000,2.5",
    "max 100000,",
    "-1 5,",
    "1 0,",
    "7,",
    "a b,"
  })
  void quotasAreRead(String text, Double cores) {
    assertThat(CgroupTexts.cpuMax(text + "\n")).isEqualTo(Optional.ofNullable(cores));
  }

  @ParameterizedTest
  @CsvSource({
    "1073741824,1073741824",
    "max,",
    "9223372036854771712,",
    "18446744073709551615,",
    "-1,",
    "0,",
    "12x,"
  })
  void memoryLimitsAreRead(String text, Long bytes) {
    assertThat(CgroupTexts.memory(text + "\n")).isEqualTo(Optional.ofNullable(bytes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0;1",
        "0-3;4",
        "0-3,8;5",
        "0-3,2-5;6",
        "3-1;",
        "0-99999;",
        "a;",
        "0,;",
        "-1;",
        "'';"
      })
  void processorListsAreCounted(String text, Integer count) {
    assertThat(CgroupTexts.cpus(text + "\n")).isEqualTo(Optional.ofNullable(count));
  }

  @ParameterizedTest
  @CsvSource({"0.5,1", "1,1", "1.5,1", "2.999,2", "64,64"})
  void wholeCoresAreRoundedDownToOneAtLeast(double cores, int whole) {
    assertThat(new Capacity(cores, 1).wholeCores()).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'';0",
        "-1;0",
        "0;1",
        "0,1;2",
        "0,0;1",
        "1,-1,0;1",
        "7;0",
        "GPU-8932f937,GPU-12;2",
        "none;0"
      })
  void visibleGpusAreCountedAsCudaDoes(String list, int count) {
    assertThat(VisibleGpus.count(4, Optional.of(list))).isEqualTo(count);
    assertThat(VisibleGpus.count(4, Optional.empty())).isEqualTo(4);
  }
}
