package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProfileAccessTest {

  @Test
  void byDefaultOnlyAServerOnLoopbackGivesProfiles() {
    assertThat(ProfileAccess.AUTO.refusal(true)).isEmpty();
    assertThat(ProfileAccess.AUTO.refusal(false).orElseThrow())
        .contains("PPROF=on")
        .contains("BIND_ADDRESS");
  }

  @Test
  void switchedOnItGivesThemEverywhereAndSwitchedOffNowhere() {
    assertThat(ProfileAccess.ON.refusal(false)).isEmpty();
    assertThat(ProfileAccess.OFF.refusal(true).orElseThrow()).contains("PPROF is off");
  }
}
