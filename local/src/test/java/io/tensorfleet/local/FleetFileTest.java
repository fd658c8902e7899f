package io.tensorfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetFileTest {
  @TempDir Path home;

  private FleetFile file(Instant startedAt) {
    return new FleetFile(
        ProcessHandle.current().pid(),
        startedAt,
        "real",
        "127.0.0.1:1",
        "127.0.0.1:2",
        "https://127.0.0.1:3/",
        Optional.of(home.resolve("kubeconfig")));
  }

  @Test
  void whatWasWrittenIsRead() {
    var file = file(FleetFile.startOf(ProcessHandle.current()));
    file.write(home);

    assertThat(FleetFile.read(home)).contains(file);
    FleetFile.remove(home);
    assertThat(FleetFile.read(home)).isEmpty();
  }

  @Test
  void aFileOfAProcessThatIsGoneIsNoFleet() {
    file(Instant.EPOCH).write(home);

    assertThat(FleetFile.read(home)).isEmpty();
  }

  @Test
  void aFileThatSaysNothingIsNoFleet() throws Exception {
    Files.writeString(home.resolve("fleet.json"), "{");

    assertThat(FleetFile.read(home)).isEmpty();
  }
}
