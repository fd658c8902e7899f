package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerStartTest {
  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  private static Worker start(int workerPort, int metricsPort) throws ConfigException {
    return Worker.start(
        WorkerConfig.fromEnvironment(
            Map.of(
                "BIND_ADDRESS",
                "127.0.0.1",
                "ORCHESTRATOR_ADDRESS",
                "127.0.0.1:1",
                "WORKER_PORT",
                Integer.toString(workerPort),
                "METRICS_PORT",
                Integer.toString(metricsPort)),
            () -> "fresh"));
  }

  @Test
  void aTakenMetricsPortIsNamedWithItsVariableAndAddress() throws Exception {
    try (ServerSocket taken = listen(0)) {
      assertThatThrownBy(() -> start(0, taken.getLocalPort()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("METRICS_PORT")
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("in use");
    }
  }

  @Test
  void aTakenWorkerPortIsNamedAndNothingStaysOpen() throws Exception {
    int metricsPort;
    try (ServerSocket free = listen(0)) {
      metricsPort = free.getLocalPort();
    }
    try (ServerSocket taken = listen(0)) {
      assertThatThrownBy(() -> start(taken.getLocalPort(), metricsPort))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("WORKER_PORT")
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("in use");
    }
    try (ServerSocket again = listen(metricsPort)) {
      assertThat(again.isBound()).isTrue();
    }
  }
}
