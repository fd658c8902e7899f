package io.tensorfleet.operator.queue;

import io.tensorfleet.proto.v1.QueueSnapshot;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What is known of a queue now. */
public sealed interface QueueReading {
  /**
   * The newest snapshot, as long as the stream that brings them is heard.
   *
   * @param order rises with each that comes, whatever becomes of the clock
   */
  record Known(QueueSnapshot snapshot, Instant receivedAt, long order) implements QueueReading {
    private static final AtomicLong SO_FAR = new AtomicLong();

    /** One that has just come. */
    public Known(QueueSnapshot snapshot, Instant receivedAt) {
      this(snapshot, receivedAt, SO_FAR.incrementAndGet());
    }
  }

  /** The stream has just been asked for: the first snapshot, or the loss, comes soon. */
  record Connecting() implements QueueReading {}

  /**
   * Nothing is known.
   *
   * @param since when the last snapshot came, or when it was first missed
   * @param reason why, for people
   * @param last what was known before
   */
  record Unknown(Instant since, String reason, Optional<QueueSnapshot> last)
      implements QueueReading {}

  /** The newest snapshot, however old. */
  default Optional<QueueSnapshot> newest() {
    return switch (this) {
      case Known known -> Optional.of(known.snapshot());
      case Unknown unknown -> unknown.last();
      case Connecting _ -> Optional.empty();
    };
  }

  /** What is known once the stream is lost. */
  default Unknown lost(Instant now, String reason) {
    Instant since =
        switch (this) {
          case Known known -> known.receivedAt();
          case Unknown unknown -> unknown.since();
          case Connecting _ -> now;
        };
    return new Unknown(since, reason, newest());
  }
}
