package io.tensorfleet.operator.lead;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.tensorfleet.operator.limit.Unsent;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.impl.VertxBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The HTTP client of those who write: nothing leaves it while its gate is shut, and the API server
 * gives up early on what has left it.
 */
public final class ActingClient extends VertxHttpClientFactory implements AutoCloseable {
  static final String SHUT = "this operator does not hold the Lease now, so it writes nothing";

  private static final String RESOLVER = "vertx.disableDnsResolver";

  private final Vertx vertx;
  private final Gate gate;

  /**
   * Makes one.
   *
   * @param serverTime how long the API server may work on one write
   */
  public static ActingClient of(BooleanSupplier mayAct, Duration serverTime) {
    return new ActingClient(vertx(mayAct), new Gate(mayAct, serverTime));
  }

  private ActingClient(Vertx vertx, Gate gate) {
    super(vertx);
    this.vertx = vertx;
    this.gate = gate;
  }

  @Override
  public VertxHttpClientBuilder<VertxHttpClientFactory> newBuilder() {
    VertxHttpClientBuilder<VertxHttpClientFactory> builder = super.newBuilder();
    builder.addOrReplaceInterceptor("mandate", gate);
    return builder;
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** As the Kubernetes client makes one, with names resolved by the JDK, but gated. */
  private static Vertx vertx(BooleanSupplier mayAct) {
    var files =
        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
    var options =
        new VertxOptions()
            .setFileSystemOptions(files)
            .setUseDaemonThread(true)
            .setEventLoopPoolSize(2);
    String before = System.setProperty(RESOLVER, "true");
    try {
      return new VertxBuilder(options).findTransport(new GatedTransport(mayAct)).init().vertx();
    } finally {
      if (before == null) {
        System.clearProperty(RESOLVER);
      } else {
        System.setProperty(RESOLVER, before);
      }
    }
  }

  /** Refuses at once what the transport would not let through. */
  private record Gate(BooleanSupplier mayAct, Duration serverTime) implements Interceptor {
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      if (!mayAct.getAsBoolean()) {
        throw new KubernetesClientException(SHUT, new Unsent(SHUT));
      }
      if (!request.method().equals("GET")) {
        builder.uri(limited(request.uri()));
      }
    }

    private URI limited(URI uri) {
      String mark = uri.getRawQuery() == null ? "?" : "&";
      return URI.create(uri + mark + "timeout=" + serverTime.toMillis() + "ms");
    }
  }
}
