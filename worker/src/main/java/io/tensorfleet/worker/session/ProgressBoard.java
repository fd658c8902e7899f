package io.tensorfleet.worker.session;

import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Progress that waits to be sent: the newest of each lease, with the newest log lines. Thread-safe;
 * holds at most one entry a running lease.
 */
final class ProgressBoard {
  private static final int MAX_LINES = 100;
  private static final int MAX_BATCH_BYTES = 1 << 20;

  private final Map<LeaseToken, Progress> newest = new LinkedHashMap<>();

  synchronized void put(Progress progress) {
    newest.merge(progress.getToken(), progress, ProgressBoard::joined);
  }

  private static Progress joined(Progress older, Progress newer) {
    List<String> lines = new ArrayList<>(older.getLogLinesList());
    lines.addAll(newer.getLogLinesList());
    List<String> last = lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size());
    Progress.Builder joined = newer.toBuilder().clearLogLines().addAllLogLines(last);
    if (!newer.hasCheckpoint() && older.hasCheckpoint()) {
      joined.setCheckpoint(older.getCheckpoint());
    }
    return joined.build();
  }

  synchronized Optional<Progress> take(LeaseToken token) {
    return Optional.ofNullable(newest.remove(token));
  }

  /** The oldest entries, together small enough for one message. */
  synchronized List<Progress> takeBatch() {
    List<Progress> batch = new ArrayList<>();
    int bytes = 0;
    var entries = newest.values().iterator();
    while (entries.hasNext() && bytes < MAX_BATCH_BYTES) {
      Progress progress = entries.next();
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
