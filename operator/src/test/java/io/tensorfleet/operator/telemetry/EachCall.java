package io.tensorfleet.operator.telemetry;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Calls of the API server that together have each verb, and each resource that is told of. */
public final class EachCall {
  private static final String NAMESPACED = "/api/v1/namespaces/n/";

  private EachCall() {}

  /** Tells of each, as a client does. */
  public static void to(ApiCalls calls) {
    Stream.concat(
            ApiCall.KNOWN.stream().map(resource -> new Call("GET", path(resource))),
            Stream.of(
                new Call("GET", "pods/a"),
                new Call("GET", "pods?watch=true"),
                new Call("POST", "pods"),
                new Call("PUT", "leases/a"),
                new Call("PATCH", "pods/a"),
                new Call("DELETE", "pods/a"),
                new Call("DELETE", "pods"),
                new Call("GET", "rarities")))
        .forEach(
            call -> {
              AsyncBody.Consumer<List<ByteBuffer>> body = (value, all) -> {};
              calls.after(call, new Answer(call), calls.consumer(body, call));
            });
  }

  private static String path(String resource) {
    return resource.replace("/", "/a/");
  }

  private record Call(String method, String path) implements HttpRequest {
    @Override
    public URI uri() {
      return URI.create(NAMESPACED + path);
    }

    @Override
    public UUID id() {
      return UUID.randomUUID();
    }

    @Override
    public String bodyString() {
      return "";
    }

    @Override
    public List<String> headers(String key) {
      return List.of();
    }

    @Override
    public Map<String, List<String>> headers() {
      return Map.of();
    }
  }

  private record Answer(Call request) implements HttpResponse<String> {
    @Override
    public int code() {
      return 200;
    }

    @Override
    public String body() {
      return "";
    }

    @Override
    public Optional<HttpResponse<?>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public List<String> headers(String key) {
      return List.of();
    }

    @Override
    public Map<String, List<String>> headers() {
      return Map.of();
    }
  }
}
