package io.tensorfleet.operator.lead;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who does not hold the Lease has seen of it. Its length is counted from when a
 * change was first seen here: no clock of another machine is believed.
 */
final class Standing {
  private final String self;
  private @Nullable String version;
  private @Nullable Moment changed;

  Standing(String self) {
    this.self = self;
  }

  /** How long to wait before it may be taken; nothing when it may be taken now. */
  Duration see(Optional<Lease> found, Moment now) {
    if (found.isEmpty()) {
      return Duration.ZERO;
    }
    Lease lease = found.get();
    String holder = LeaseForm.holder(lease);
    if (holder.isEmpty() || holder.equals(self)) {
      return Duration.ZERO;
    }
    String seen = lease.getMetadata().getResourceVersion();
    Moment since = changed;
    if (since == null || !seen.equals(version)) {
      version = seen;
      changed = now;
      return LeaseForm.length(lease);
    }
    return LeaseForm.length(lease).minus(now.since(since));
  }
}
