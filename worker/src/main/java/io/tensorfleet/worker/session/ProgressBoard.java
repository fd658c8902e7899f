package io.tensorfleet.worker.session;

import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Progress;
import io.tensorfleet.worker.core.Checkpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Progress that waits to be sent: the newest of each lease, with the newest log lines. Thread-safe;
 * holds at most one entry a running lease.
 */
final class ProgressBoard {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressBoard.class);
  private static final int MAX_LINES = 100;
  private static final int MAX_BATCH_BYTES = 1 << 20;

  private final Map<LeaseToken, Entry> newest = new LinkedHashMap<>();

  private record Entry(Progress progress, Optional<Checkpoint> checkpoint) {
    /** Without its checkpoint where the trainer fails to name it. */
    Progress whole() {
      try {
        return checkpoint
            .map(kept -> progress.toBuilder().setCheckpoint(kept.ref()).build())
            .orElse(progress);
      } catch (RuntimeException failure) {
        LOG.warn("task {}: its checkpoint is left out", progress.getToken().getTaskId(), failure);
        return progress;
      }
    }
  }

  /** Of several checkpoints only the newest is ever asked for its reference. */
  synchronized void put(Progress progress, Optional<Checkpoint> checkpoint) {
    newest.merge(progress.getToken(), new Entry(progress, checkpoint), ProgressBoard::joined);
  }

  private static Entry joined(Entry older, Entry newer) {
    List<String> lines = new ArrayList<>(older.progress().getLogLinesList());
    lines.addAll(newer.progress().getLogLinesList());
    List<String> last = lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size());
    return new Entry(
        newer.progress().toBuilder().clearLogLines().addAllLogLines(last).build(),
        newer.checkpoint().or(older::checkpoint));
  }

  synchronized Optional<Progress> take(LeaseToken token) {
    return Optional.ofNullable(newest.remove(token)).map(Entry::whole);
  }

  /** The oldest entries, together small enough for one message. */
  synchronized List<Progress> takeBatch() {
    List<Progress> batch = new ArrayList<>();
    int bytes = 0;
    var entries = newest.values().iterator();
    while (entries.hasNext() && bytes < MAX_BATCH_BYTES) {
      Progress progress = entries.next().whole();
      bytes += progress.getSerializedSize();
      batch.add(progress);
      entries.remove();
    }
    return batch;
  }

  synchronized int size() {
    return newest.size();
  }
}
