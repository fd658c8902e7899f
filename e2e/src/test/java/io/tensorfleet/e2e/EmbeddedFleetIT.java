package io.tensorfleet.e2e;

import io.tensorfleet.local.FleetOptions.GroundChoice;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The scenario on the API server inside the process. */
class EmbeddedFleetIT extends FleetScenario {
  EmbeddedFleetIT(@TempDir Path home) {
    super(home, GroundChoice.EMBEDDED);
  }
}
