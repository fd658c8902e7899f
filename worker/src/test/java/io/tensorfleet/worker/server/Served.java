package io.tensorfleet.worker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tensorfleet.worker.ConfigException;
import io.tensorfleet.worker.Worker;
import io.tensorfleet.worker.WorkerConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A worker with one slot on loopback, without an orchestrator, and a channel to it. */
final class Served implements AutoCloseable {
  final Worker worker;
  final ManagedChannel channel;

  Served(Map<String, String> more) throws ConfigException {
    Map<String, String> variables =
        new HashMap<>(
            Map.of(
                "WORKER_ID", "old-friend",
                "BIND_ADDRESS", "127.0.0.1",
                "WORKER_PORT", "0",
                "METRICS_PORT", "0",
                "ORCHESTRATOR_ADDRESS", "127.0.0.1:1",
                "MAX_CONCURRENT_TASKS", "1"));
    variables.putAll(more);
    worker = Worker.start(WorkerConfig.fromEnvironment(variables, () -> "fresh"));
    channel = channel();
  }

  ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", worker.grpcPort()).usePlaintext().build();
  }

  static void until(BooleanSupplier happened) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waited in vain").isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    worker.close();
  }
}
