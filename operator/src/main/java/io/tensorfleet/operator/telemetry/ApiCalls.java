package io.tensorfleet.operator.telemetry;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts and times the calls of the API server, and hears what it asks for. */
public final class ApiCalls implements Interceptor, MeterBinder {
  private static final int TOO_MANY_REQUESTS = 429;

  private volatile MeterRegistry registry = new CompositeMeterRegistry();
  private volatile Consumer<Duration> whenAskedToWait = _ -> {};

  @Override
  public void bindTo(MeterRegistry meters) {
    registry = meters;
  }

  /** Calls this with the pause that the API server asks for when it has too much to do. */
  public void whenAskedToWait(Consumer<Duration> listener) {
    whenAskedToWait = listener;
  }

  @Override
  public AsyncBody.Consumer<List<ByteBuffer>> consumer(
      AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
    return new Timed(consumer, System.nanoTime());
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.@Nullable Consumer<List<ByteBuffer>> consumer) {
    ApiCall call = ApiCall.of(request.method(), request.uri());
    count(call, Integer.toString(response.code()));
    if (consumer instanceof Timed timed && !call.verb().equals("watch")) {
      timer(call).record(Duration.ofNanos(System.nanoTime() - timed.begun()));
    }
    if (response.code() == TOO_MANY_REQUESTS) {
      RetryAfter.read(response.header("Retry-After")).ifPresent(whenAskedToWait);
    }
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    count(ApiCall.of(request.method(), request.uri()), "none");
  }

  private void count(ApiCall call, String code) {
    Counter.builder("tensorfleet.api.requests")
        .description("Calls of the API server; code is none where no answer came")
        .tags("verb", call.verb(), "resource", call.resource(), "code", code)
        .register(registry)
        .increment();
  }

  private Timer timer(ApiCall call) {
    return Timer.builder("tensorfleet.api.request")
        .description("From sending a request to the API server to the head of its answer")
        .serviceLevelObjectives(
            Duration.ofMillis(5),
            Duration.ofMillis(25),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofMillis(2_500),
            Duration.ofSeconds(10))
        .tags("verb", call.verb(), "resource", call.resource())
        .register(registry);
  }

  /** A consumer that knows when its request was sent. */
  private record Timed(AsyncBody.Consumer<List<ByteBuffer>> consumer, long begun)
      implements AsyncBody.Consumer<List<ByteBuffer>> {
    @Override
    public void consume(List<ByteBuffer> value, AsyncBody body) throws Exception {
      consumer.consume(value, body);
    }

    @Override
    public <U> @Nullable U unwrap(Class<U> target) {
      return target.isInstance(this) ? target.cast(this) : consumer.unwrap(target);
    }
  }
}
