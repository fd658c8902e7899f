package io.tensorfleet.worker.polling;

import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Brings replies to the session's thread and notices on the way whether the orchestrator still
 * speaks. Used by the session's thread alone.
 */
final class Calls {
  /** So long nobody may answer before the connection counts as broken, although it stands. */
  private static final long SILENCE = Duration.ofSeconds(30).toNanos();

  private final PollParts parts;
  private final Host host;
  private long lastAnswer;

  Calls(PollParts parts, Host host) {
    this.parts = parts;
    this.host = host;
    spoken();
  }

  /** Counts silence from now on. */
  void spoken() {
    lastAnswer = parts.ground().now();
  }

  <Q, A> void send(
      MethodDescriptor<Q, A> method, Q request, Duration deadline, Consumer<Reply<A>> then) {
    parts.caller().call(method, request, deadline, reply -> post(() -> heard(reply, then)));
  }

  private void post(Runnable step) {
    parts.ground().loop().execute(step);
  }

  private <A> void heard(Reply<A> reply, Consumer<Reply<A>> then) {
    then.accept(reply);
    if (!(reply instanceof Reply.Refusal<A> refusal) || refusal.spoken()) {
      spoken();
      host.answered();
    } else if (refusal.broken() || parts.ground().now() - lastAnswer >= SILENCE) {
      host.broken(refusal.status());
    }
  }
}
