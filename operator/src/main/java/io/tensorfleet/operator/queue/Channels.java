package io.tensorfleet.operator.queue;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import io.tensorfleet.operator.tls.LiveTls;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One connection per orchestrator, as {@link Targets} tells them apart, shared by all who use it
 * and closed when the last of them has given it back.
 */
public final class Channels implements AutoCloseable {
  private static final String SERVICE = "tensorfleet.v1.QueueService";
  private static final String NO_FILES =
      "the pool sets orchestrator.tls, and the operator has no TLS files, so it does not connect:"
          + " set ORCHESTRATOR_TLS_CA_FILE at the operator";

  /** A snapshot names each worker of its queue with its tasks: ten thousand take a few MiB. */
  private static final int MOST_BYTES = 64 << 20;

  private final ConcurrentMap<String, Shared> channels = new ConcurrentHashMap<>();
  private final Function<String, ManagedChannel> connect;

  private record Shared(ManagedChannel channel, int users) {}

  public Channels(Function<String, ManagedChannel> connect) {
    this.connect = connect;
  }

  /** Channels without TLS; a target in TLS is refused. */
  public static Channels plaintext() {
    return open(Optional.empty());
  }

  /**
   * Channels of both kinds.
   *
   * @param tls for targets in TLS; without it they are refused, and never asked in plaintext
   */
  public static Channels open(Optional<LiveTls> tls) {
    return new Channels(target -> Targets.isTls(target) ? secured(target, tls) : plaintext(target));
  }

  /** The connection, to be given back. */
  ManagedChannel take(String target) {
    return Objects.requireNonNull(
            channels.compute(
                target,
                (_, there) ->
                    there == null
                        ? new Shared(connect.apply(target), 1)
                        : new Shared(there.channel(), there.users() + 1)))
        .channel();
  }

  void giveBack(String target) {
    channels.computeIfPresent(
        target,
        (_, there) -> {
          if (there.users() > 1) {
            return new Shared(there.channel(), there.users() - 1);
          }
          there.channel().shutdownNow();
          return null;
        });
  }

  @Override
  public void close() {
    channels.values().forEach(shared -> shared.channel().shutdownNow());
    channels.clear();
  }

  private static ManagedChannel plaintext(String address) {
    return connected(Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())).build();
  }

  private static ManagedChannel secured(String target, Optional<LiveTls> tls) {
    String address = Targets.address(target);
    if (tls.isEmpty()) {
      return Grpc.newChannelBuilder(address, TlsChannelCredentials.create())
          .intercept(new Refusal(NO_FILES))
          .build();
    }
    var channel = connected(Grpc.newChannelBuilder(address, tls.get().credentials()));
    tls.get().serverName().ifPresent(channel::overrideAuthority);
    return channel.build();
  }

  private static ManagedChannelBuilder<?> connected(ManagedChannelBuilder<?> channel) {
    return channel
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .maxInboundMessageSize(MOST_BYTES)
        .defaultServiceConfig(retryWhenUnavailable())
        .enableRetry();
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
