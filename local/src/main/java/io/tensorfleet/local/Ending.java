package io.tensorfleet.local;

import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the parts of a fleet in one order, whatever order they started in, each once. */
final class Ending implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

  /** The parts, first to end first. */
  enum Part {
    /** It would replace the workers that leave. */
    OPERATOR,
    /** They report their last results to the orchestrator. */
    WORKERS,
    NODE,
    ORCHESTRATOR,
    GROUND,
    DATABASE,
    FILE,
    LOCK
  }

  private final Map<Part, AutoCloseable> parts = new EnumMap<>(Part.class);

  synchronized <T extends AutoCloseable> T add(Part part, T closeable) {
    parts.put(part, closeable);
    return closeable;
  }

  /**
   * A part that cannot be ended is logged and does not hold up the others; not even when its
   * classes are gone, because the program was built anew under a running fleet.
   */
  @Override
  public synchronized void close() {
    for (Part part : Part.values()) {
      AutoCloseable closeable = parts.remove(part);
      if (closeable != null) {
        end(part, closeable);
      }
    }
  }

  private static void end(Part part, AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | LinkageError e) {
      LOG.error("{} could not be ended", part, e);
    }
  }
}
