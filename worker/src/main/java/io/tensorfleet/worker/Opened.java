package io.tensorfleet.worker;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a worker has opened so far; closed the newest first. */
final class Opened implements AutoCloseable {
  private final Deque<Runnable> closers = new ArrayDeque<>();

  void keep(Runnable closer) {
    closers.push(closer);
  }

  @Override
  public void close() {
    for (Runnable closer = closers.poll(); closer != null; closer = closers.poll()) {
      closer.run();
    }
  }
}
