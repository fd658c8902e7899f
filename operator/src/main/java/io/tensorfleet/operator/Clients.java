package io.tensorfleet.operator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.tensorfleet.operator.telemetry.ApiCalls;

/** Makes Kubernetes clients that can read a WorkerPool. */
public final class Clients {
  /** Lists of thousands of objects take longer than the client's usual 10 s. */
  private static final int REQUEST_TIMEOUT_MILLIS = 30_000;

  private Clients() {}

  /**
   * A client for the cluster that the environment names: in a Pod, by KUBECONFIG, or by default.
   */
  static KubernetesClient create(ApiCalls calls) {
    return create(Config.autoConfigure(null), calls);
  }

  /**
   * A client that ignores fields it does not know, over one HTTP client that is always the same.
   */
  public static KubernetesClient create(Config config) {
    return create(config, new ApiCalls());
  }

  /**
   * @param calls hears of each call
   */
  static KubernetesClient create(Config config, ApiCalls calls) {
    return create(config, calls, new VertxHttpClientFactory());
  }

  static KubernetesClient create(Config config, ApiCalls calls, VertxHttpClientFactory http) {
    config.setRequestTimeout(Math.max(config.getRequestTimeout(), REQUEST_TIMEOUT_MILLIS));
    return client(config, calls, http);
  }

  /** A client that takes every timeout as it is given. */
  static KubernetesClient exactly(Config config, ApiCalls calls) {
    return client(config, calls, new VertxHttpClientFactory());
  }

  private static KubernetesClient client(
      Config config, ApiCalls calls, VertxHttpClientFactory factory) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(factory)
        .withKubernetesSerialization(serialization())
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("api-calls", calls))
        .build();
  }

  /** Reads records although the server may send fields of a newer version. */
  public static KubernetesSerialization serialization() {
    var mapper =
        new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    return new KubernetesSerialization(mapper, true);
  }
}
