package io.tensorfleet.operator.lead;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Lease in memory, with versions as an API server keeps them. */
final class TestingLease implements LeaseDoor {
  private @Nullable Lease lease;
  private int version;
  boolean away;
  Runnable beforeWrite = () -> {};

  @Override
  public Optional<Lease> read() {
    check();
    return Optional.ofNullable(lease).map(l -> new LeaseBuilder(l).build());
  }

  @Override
  public Lease create(Lease wanted) {
    beforeWrite.run();
    check();
    if (lease != null) {
      throw new KubernetesClientException("exists", 409, null);
    }
    return stored(wanted);
  }

  @Override
  public Lease replace(Lease wanted) {
    beforeWrite.run();
    check();
    if (lease == null) {
      throw new KubernetesClientException("gone", 404, null);
    }
    if (!Integer.toString(version).equals(wanted.getMetadata().getResourceVersion())) {
      throw new KubernetesClientException("changed", 409, null);
    }
    return stored(wanted);
  }

  void remove() {
    lease = null;
  }

  String holder() {
    return read().map(LeaseForm::holder).orElse("(none)");
  }

  private Lease stored(Lease wanted) {
    lease =
        new LeaseBuilder(wanted)
            .editMetadata()
            .withResourceVersion(Integer.toString(++version))
            .endMetadata()
            .build();
    return new LeaseBuilder(lease).build();
  }

  private void check() {
    if (away) {
      throw new KubernetesClientException("connection refused");
    }
  }
}
