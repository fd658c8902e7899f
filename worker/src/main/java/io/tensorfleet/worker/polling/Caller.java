package io.tensorfleet.worker.polling;

import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.function.Consumer;

/** Calls an orchestrator, one request and one reply. */
public interface Caller {
  /**
   * Begins a call and returns at once.
   *
   * @param deadline after which the call is given up
   * @param reply hears once, on any thread; must return at once
   */
  <Q, A> void call(
      MethodDescriptor<Q, A> method, Q request, Duration deadline, Consumer<Reply<A>> reply);
}
