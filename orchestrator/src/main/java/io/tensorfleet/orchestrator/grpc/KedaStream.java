package io.tensorfleet.orchestrator.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;

/** A stream to KEDA that repeats nothing and ends with OK. Safe for any thread. */
final class KedaStream<T> {
  private final ServerCallStreamObserver<T> out;
  private Optional<T> last = Optional.empty();
  private boolean over;

  KedaStream(ServerCallStreamObserver<T> out) {
    this.out = out;
  }

  /**
   * Tells what is not known yet; a reader that is behind gets a later state. Says whether it is
   * open.
   */
  synchronized boolean tell(T state) {
    if (over || out.isCancelled()) {
      return false;
    }
    boolean news = !last.equals(Optional.of(state));
    if (news && (last.isEmpty() || out.isReady())) {
      out.onNext(state);
      last = Optional.of(state);
    }
    return true;
  }

  synchronized void end() {
    finish(out::onCompleted);
  }

  synchronized void fail(Status status) {
    finish(() -> out.onError(status.asRuntimeException()));
  }

  private void finish(Runnable last) {
    if (over) {
      return;
    }
    over = true;
    try {
      last.run();
    } catch (IllegalStateException | StatusRuntimeException e) {
      // the other side had ended it
    }
  }
}
