package io.tensorfleet.operator.lead;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** One Lease on the API server. What goes wrong is a KubernetesClientException. */
public interface LeaseDoor {
  Optional<Lease> read();

  /** Fails with 409 where there is one. */
  Lease create(Lease lease);

  /** Fails with 409 where somebody wrote it after it was read. */
  Lease replace(Lease lease);

  static LeaseDoor of(KubernetesClient client) {
    return new OnServer(client);
  }

  /** See {@link #of}. */
  record OnServer(KubernetesClient client) implements LeaseDoor {
    private static final String NAME = LeaseKeeper.LEASE;

    @Override
    public Optional<Lease> read() {
      return Optional.ofNullable(client.leases().withName(NAME).get());
    }

    @Override
    public Lease create(Lease lease) {
      return client.leases().resource(lease).create();
    }

    @Override
    public Lease replace(Lease lease) {
      return client.leases().resource(lease).update();
    }
  }
}
