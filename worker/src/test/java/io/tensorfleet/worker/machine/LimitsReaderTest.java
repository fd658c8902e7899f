package io.tensorfleet.worker.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.worker.core.Capacity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsReaderTest {
  @TempDir private Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Capacity.Limits limits() {
    return new LimitsReader(root).limits();
  }

  private void v2(String group) throws IOException {
    file("proc/self/cgroup", "0::" + group + "\n");
    file("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
  }

  private void v1() throws IOException {
    file("proc/self/cgroup", "9:cpuset:/\n4:memory:/a\n2:cpuacct,cpu:/a/b\n0::/\n");
    file(
        "proc/self/mountinfo",
        """
        32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpuacct,cpu
        34 31 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset
        35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
        """);
  }

  @Test
  void theTightestOfAGroupAndThoseAboveItCountsInV2() throws IOException {
    v2("/pod/c");
    file("sys/fs/cgroup/pod/c/cpu.max", "400000 100000\n");
    file("sys/fs/cgroup/pod/cpu.max", "250000 100000\n");
    file("sys/fs/cgroup/cpu.max", "max 100000\n");
    file("sys/fs/cgroup/pod/c/memory.max", "max\n");
    file("sys/fs/cgroup/pod/memory.max", "536870912\n");
    file("sys/fs/cgroup/pod/c/cpuset.cpus.effective", "0-2\n");
    assertThat(limits())
        .isEqualTo(
            new Capacity.Limits(Optional.of(2.5), Optional.of(3), Optional.of(536_870_912L)));
  }

  @Test
  void v1LimitsAreReadFromEachControllersTree() throws IOException {
    v1();
    file("sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us", "-1\n");
    file("sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us", "100000\n");
    file("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "150000\n");
    file("sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
    file("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "268435456\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    file("sys/fs/cgroup/cpuset/cpuset.cpus", "0,2\n");
    assertThat(limits())
        .isEqualTo(
            new Capacity.Limits(Optional.of(1.5), Optional.of(2), Optional.of(268_435_456L)));
  }

  @Test
  void aTaskSetIsALimitToo() throws IOException {
    file("proc/self/status", "Name:\tjava\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n");
    assertThat(limits().cpus()).contains(2);
  }

  @Test
  void withoutLimitsTheMachineIsWhatThereIs() throws IOException {
    v2("/");
    file("proc/meminfo", "MemTotal:       24684084 kB\nMemFree: 1 kB\n");
    file("sys/fs/cgroup/memory.max", "max\n");
    assertThat(limits()).isEqualTo(Capacity.Limits.NONE);
    assertThat(new LimitsReader(root).machineMemory()).contains(24_684_084L << 10);
    assertThat(new Capacity(4, 100).within(Capacity.Limits.NONE)).isEqualTo(new Capacity(4, 100));
  }

  @Test
  void wrongTextsMissingFilesAndFoldersInTheirPlaceSetNoLimit() throws IOException {
    assertThat(limits()).isEqualTo(Capacity.Limits.NONE);
    v2("/x\u0000y");
    assertThat(limits()).isEqualTo(Capacity.Limits.NONE);
    v2("/");
    file("sys/fs/cgroup/cpu.max", "\u0000 100000 100000");
    file("sys/fs/cgroup/cpuset.cpus.effective", "9".repeat(3 << 20));
    Files.createDirectories(root.resolve("sys/fs/cgroup/memory.max"));
    Files.write(root.resolve("proc/meminfo"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThat(limits()).isEqualTo(Capacity.Limits.NONE);
    assertThat(new LimitsReader(root).machineMemory()).isEmpty();
  }

  @Test
  void limitsCutTheMachineAndNeverAddToIt() {
    Capacity machine = new Capacity(4, 1000);
    assertThat(
            machine.within(
                new Capacity.Limits(Optional.of(2.5), Optional.of(3), Optional.of(5000L))))
        .isEqualTo(new Capacity(2.5, 1000));
    assertThat(
            machine.within(
                new Capacity.Limits(Optional.of(64.0), Optional.of(128), Optional.of(10L))))
        .isEqualTo(new Capacity(4, 10));
  }
}
