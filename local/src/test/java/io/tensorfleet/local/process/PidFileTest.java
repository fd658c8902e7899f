package io.tensorfleet.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  @TempDir Path folder;

  private Process sleeping() throws IOException {
    return Children.start(
        new Children.Program(
            List.of("/bin/sh", "-c", "exec sleep 1000"),
            Map.of("PATH", "/usr/bin:/bin"),
            folder,
            folder.resolve("log")));
  }

  @Test
  void theProcessThatWasWrittenIsFoundAndEnded() throws Exception {
    var file = new PidFile(folder.resolve("x.pid"));
    var process = sleeping();
    file.write(process.toHandle());

    assertThat(file.process()).contains(process.toHandle());
    assertThat(file.endProcess(Duration.ofSeconds(5))).isTrue();
    assertThat(process.isAlive()).isFalse();
    assertThat(file.file()).doesNotExist();
  }

  @Test
  void anotherProcessWithTheSameNumberIsLeftAlone() throws Exception {
    var path = folder.resolve("x.pid");
    var process = sleeping();
    Files.writeString(path, process.pid() + " 12345\n");

    assertThat(new PidFile(path).endProcess(Duration.ZERO)).isFalse();
    assertThat(process.isAlive()).isTrue();
    process.destroyForcibly();
  }

  @Test
  void aFileThatSaysNothingNamesNoProcess() throws Exception {
    var path = folder.resolve("x.pid");
    Files.writeString(path, "nonsense");

    assertThat(new PidFile(path).process()).isEmpty();
    assertThat(new PidFile(folder.resolve("none")).process()).isEmpty();
  }
}
