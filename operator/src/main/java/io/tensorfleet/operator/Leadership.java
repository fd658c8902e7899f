package io.tensorfleet.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.operator.lead.ActingClient;
import io.tensorfleet.operator.lead.LeaseDoor;
import io.tensorfleet.operator.lead.LeaseForm;
import io.tensorfleet.operator.lead.LeaseKeeper;
import io.tensorfleet.operator.lead.LeaseTiming;
import io.tensorfleet.operator.lead.Mandate;
import io.tensorfleet.operator.telemetry.ApiCalls;
import java.util.Optional;
import java.util.UUID;

/**
 * Whether this operator is the one that acts, and the client that it writes with. Who has lost the
 * Lease to another never acts again: the process is to end and to start anew.
 */
final class Leadership implements AutoCloseable {
  private final Mandate mandate;
  private final KubernetesClient acting;
  private final Optional<Election> election;

  private record Election(LeaseKeeper keeper, KubernetesClient client, ActingClient transport) {}

  /** Of an operator that is alone: it acts through this client. */
  private Leadership(KubernetesClient client) {
    mandate = Mandate.always();
    acting = client;
    election = Optional.empty();
  }

  private Leadership(
      KubernetesClient client,
      OperatorConfig config,
      ApiCalls calls,
      LeaseKeeper.Listener listener) {
    LeaseTiming timing = LeaseTiming.of(config.leaseDuration());
    mandate = Mandate.byLease();
    var transport = ActingClient.of(mandate, timing.serverTime());
    acting = Clients.create(once(client).build(), calls, transport);
    Config forLease =
        once(client)
            .withRequestTimeout(Math.toIntExact(timing.answer().toMillis()))
            .withConnectionTimeout(Math.toIntExact(timing.answer().toMillis()))
            .withNamespace(namespace(client, config))
            .build();
    var leases = Clients.exactly(forLease, calls);
    // no process ever has the name of another, be it of the same Pod
    String holder = config.identity() + "_" + UUID.randomUUID().toString().substring(0, 8);
    var keeper =
        new LeaseKeeper(LeaseDoor.of(leases), new LeaseForm(holder, timing), mandate, listener);
    election = Optional.of(new Election(keeper, leases, transport));
  }

  static Leadership of(
      KubernetesClient client,
      OperatorConfig config,
      ApiCalls calls,
      LeaseKeeper.Listener listener) {
    return config.leaderElection()
        ? new Leadership(client, config, calls, listener)
        : new Leadership(client);
  }

  Mandate mandate() {
    return mandate;
  }

  /** Nothing leaves it while there is no mandate. */
  KubernetesClient acting() {
    return acting;
  }

  void start() {
    election.ifPresent(e -> e.keeper().start());
  }

  /** No further action begins, and none that has begun leaves. */
  void stopActing() {
    mandate.close();
  }

  /** Gives the Lease back, so that another operator need not wait for its end. */
  @Override
  public void close() {
    election.ifPresent(
        e -> {
          acting.close();
          e.transport().close();
          e.keeper().close();
          e.client().close();
        });
  }

  /** Writes are not repeated by the client: the next reconcile sees what is left to do. */
  private static ConfigBuilder once(KubernetesClient client) {
    return new ConfigBuilder(client.getConfiguration()).withRequestRetryBackoffLimit(0);
  }

  private static String namespace(KubernetesClient client, OperatorConfig config) {
    return config
        .leaseNamespace()
        .orElseGet(() -> client.getNamespace() == null ? "default" : client.getNamespace());
  }
}
