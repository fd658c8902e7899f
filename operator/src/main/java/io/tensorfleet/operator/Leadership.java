package io.tensorfleet.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this operator is the one that acts, by a Lease. Who has lost it once never acts again:
 * the process is to end and to start anew.
 */
final class Leadership implements BooleanSupplier {
  static final String LEASE = "tensorfleet-operator";

  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final Runnable whenLost;
  private final AtomicBoolean leads = new AtomicBoolean();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicBoolean toRelease = new AtomicBoolean();

  Leadership(KubernetesClient client, OperatorConfig config, Runnable whenLost) {
    this.client = client;
    this.config = config;
    this.whenLost = whenLost;
    this.leads.set(!config.leaderElection());
  }

  @Override
  public boolean getAsBoolean() {
    return leads.get() && !stopping.get();
  }

  LeaderElectionConfiguration configuration() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
        .withLeaseNamespace(namespace())
        .withIdentity(config.identity())
        .withExitOnStopLeading(false)
        .withLeaderCallbacks(new LeaderCallbacks(this::won, this::lost, this::heard))
        .build();
  }

  /** No further action begins. */
  void stopActing() {
    toRelease.set(config.leaderElection() && leads.get());
    stopping.set(true);
  }

  /** Gives the Lease back, so that another operator need not wait for its end. */
  void release() {
    if (!toRelease.getAndSet(false)) {
      return;
    }
    try {
      client
          .leases()
          .inNamespace(namespace())
          .withName(LEASE)
          .edit(
              lease -> {
                if (config.identity().equals(lease.getSpec().getHolderIdentity())) {
                  lease.getSpec().setHolderIdentity("");
                }
                return lease;
              });
    } catch (KubernetesClientException e) {
      log.warn("the Lease {} was not given back: {}", LEASE, e.getMessage());
    }
  }

  private String namespace() {
    return config
        .leaseNamespace()
        .orElseGet(() -> client.getNamespace() == null ? "default" : client.getNamespace());
  }

  private void won() {
    log.info("{} leads", config.identity());
    leads.set(true);
  }

  private void lost() {
    if (leads.getAndSet(false) && !stopping.get()) {
      log.error("{} has lost the Lease {} and stops acting", config.identity(), LEASE);
      whenLost.run();
    }
  }

  private void heard(String leader) {
    log.info("the leader is {}", leader);
  }
}
