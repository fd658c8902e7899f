package io.tensorfleet.operator.lead;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What a Lease says, from one state to the next.
 *
 * @param holder this process's own name, which no other process ever has
 */
public record LeaseForm(String holder, LeaseTiming timing) {
  /** A Lease that says nothing of its length is taken to be one of Kubernetes' usual length. */
  private static final int USUAL_SECONDS = 15;

  static String holder(Lease lease) {
    return Optional.ofNullable(lease.getSpec()).map(LeaseSpec::getHolderIdentity).orElse("");
  }

  static Duration length(Lease lease) {
    return Duration.ofSeconds(
        Optional.ofNullable(lease.getSpec())
            .map(LeaseSpec::getLeaseDurationSeconds)
            .orElse(USUAL_SECONDS));
  }

  Lease first(Instant now) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(LeaseKeeper.LEASE)
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds(seconds())
        .withAcquireTime(time(now))
        .withRenewTime(time(now))
        .withLeaseTransitions(0)
        .endSpec()
        .build();
  }

  Lease taken(Lease found, Instant now) {
    int transitions =
        Optional.ofNullable(found.getSpec()).map(LeaseSpec::getLeaseTransitions).orElse(0);
    return new LeaseBuilder(first(now))
        .withMetadata(found.getMetadata())
        .editSpec()
        .withLeaseTransitions(transitions + 1)
        .endSpec()
        .build();
  }

  Lease renewed(Lease own, Instant now) {
    return new LeaseBuilder(own)
        .editSpec()
        .withLeaseDurationSeconds(seconds())
        .withRenewTime(time(now))
        .endSpec()
        .build();
  }

  Lease released(Lease own) {
    return new LeaseBuilder(own).editSpec().withHolderIdentity("").endSpec().build();
  }

  private int seconds() {
    return Math.toIntExact(timing.length().toSeconds());
  }

  private static ZonedDateTime time(Instant now) {
    return now.truncatedTo(ChronoUnit.MICROS).atZone(ZoneOffset.UTC);
  }
}
