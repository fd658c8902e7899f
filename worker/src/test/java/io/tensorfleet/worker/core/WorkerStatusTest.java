package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerStatusTest {
  @ParameterizedTest
  @CsvSource({
    "RUNNING,0,CONNECTED,IDLE",
    "RUNNING,0,CONNECTING,DISCONNECTED",
    "RUNNING,0,DISCONNECTED,DISCONNECTED",
    "RUNNING,1,CONNECTED,BUSY",
    "RUNNING,1,CONNECTING,BUSY",
    "RUNNING,1024,DISCONNECTED,BUSY",
    "DRAINING,0,CONNECTED,DRAINING",
    "DRAINING,1,CONNECTED,DRAINING",
    "DRAINING,0,DISCONNECTED,DRAINING",
    "HANDING_BACK,1,CONNECTED,DRAINING",
    "HANDING_BACK,1,DISCONNECTED,DRAINING",
    "LEAVING,0,CONNECTED,DRAINING",
    "LEAVING,0,CONNECTING,DRAINING"
  })
  void drainingShowsFirstThenWorkInHandThenAMissingOrchestrator(
      DrainState drain, int active, ConnectionState connection, WorkerStatus shown) {
    assertThat(WorkerStatus.of(drain, active, connection)).isEqualTo(shown);
  }
}
