package io.tensorfleet.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

class CrdYamlTest {
  private static final Path COMMITTED = Path.of(CrdYaml.NAME + ".yml");

  @Test
  void theCommittedCrdIsWhatTheModelGenerates() throws IOException {
    String generated = CrdYaml.generate();
    if (Boolean.getBoolean("crds.update")) {
      Files.writeString(COMMITTED, generated);
    }
    assertThat(Files.readString(COMMITTED))
        .as("%s differs from the model: run `make crds` and commit it", COMMITTED)
        .isEqualTo(generated);
  }

  @Test
  void generatingTwiceGivesTheSameText() throws IOException {
    assertThat(CrdYaml.generate()).isEqualTo(CrdYaml.generate());
  }

  @Test
  @DisabledIfSystemProperty(named = "crds.update", matches = "true")
  void theCrdIsOnTheClassPath() throws IOException {
    try (InputStream in = WorkerPool.class.getResourceAsStream("/crds/" + CrdYaml.NAME + ".yml")) {
      assertThat(in).isNotNull();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(Files.readString(COMMITTED));
    }
  }
}
