package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.worker.session.GrpcConnector;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SessionThreadTest {
  @Test
  void aLoopThatComesRoundSaysSo() throws Exception {
    Map<String, String> nobody = Map.of("ORCHESTRATOR_ADDRESS", "127.0.0.1:1");
    WorkerConfig config = WorkerConfig.fromEnvironment(nobody, () -> "w");
    try (Opened opened = new Opened()) {
      Workshop shop = Workshop.open(config, opened, _ -> {});
      GrpcConnector connector = GrpcConnector.to("127.0.0.1:1", Optional.empty(), Optional.empty());
      opened.keep(connector::close);
      SessionThread thread = new SessionThread(config, shop, connector);
      opened.keep(thread::close);
      shop.facts().cameRound(System.nanoTime() - Duration.ofHours(1).toNanos());
      assertThat(shop.health("w").get().alive()).isFalse();
      thread.begin();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!shop.health("w").get().alive()) {
        assertThat(System.nanoTime() - end).as("waited in vain").isNegative();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    }
  }
}
