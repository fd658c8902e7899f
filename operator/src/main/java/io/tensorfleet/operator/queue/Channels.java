package io.tensorfleet.operator.queue;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One connection per orchestrator address, shared by all that talk to it. */
public final class Channels implements AutoCloseable {
  private static final String SERVICE = "tensorfleet.v1.QueueService";
  private static final int MOST_BYTES = 4 << 20;

  private final ConcurrentMap<String, ManagedChannel> channels = new ConcurrentHashMap<>();
  private final Function<String, ManagedChannel> connect;

  public Channels(Function<String, ManagedChannel> connect) {
    this.connect = connect;
  }

  /** Channels without TLS. */
  public static Channels plaintext() {
    return new Channels(Channels::plaintext);
  }

  public ManagedChannel to(String address) {
    return channels.computeIfAbsent(address, connect);
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    channels.clear();
  }

  private static ManagedChannel plaintext(String address) {
    return Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .maxInboundMessageSize(MOST_BYTES)
        .defaultServiceConfig(retryWhenUnavailable())
        .enableRetry()
        .build();
  }

  /** Unary calls only: a broken watch is taken up anew by its owner. */
  private static Map<String, ?> retryWhenUnavailable() {
    Map<String, Object> policy =
        Map.of(
            "maxAttempts",
            4.0,
            "initialBackoff",
            "0.1s",
            "maxBackoff",
            "1s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE"));
    List<Map<String, String>> calls =
        List.of(
            Map.of("service", SERVICE, "method", "Cordon"),
            Map.of("service", SERVICE, "method", "Uncordon"),
            Map.of("service", SERVICE, "method", "ListWorkers"));
    return Map.of("methodConfig", List.of(Map.of("name", calls, "retryPolicy", policy)));
  }
}
