package io.tensorfleet.e2e;

import io.tensorfleet.local.FleetOptions.GroundChoice;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The scenario on a real control plane. */
@ExtendWith(ControlPlaneExtension.class)
class RealFleetIT extends FleetScenario {
  RealFleetIT(@TempDir Path home) {
    super(home, GroundChoice.REAL);
  }
}
