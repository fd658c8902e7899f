package io.tensorfleet.local;

import io.tensorfleet.local.ground.Binaries;
import io.tensorfleet.local.ground.ClusterGround;
import io.tensorfleet.local.ground.EmbeddedGround;
import io.tensorfleet.local.ground.Ground;
import io.tensorfleet.local.ground.RealGround;

/** Finds the ground that a fleet's options ask for. */
final class Grounds {
  private final FleetOptions options;
  private final FleetListener listener;

  Grounds(FleetOptions options, FleetListener listener) {
    this.options = options;
    this.listener = listener;
  }

  /** Starts it, and tells which it is and why. */
  Ground start() {
    Binaries.Search search = Binaries.find(System.getenv());
    return switch (options.ground()) {
      case CLUSTER -> cluster();
      case EMBEDDED -> embedded("as asked");
      case REAL ->
          switch (search) {
            case Binaries.Search.Found(Binaries binaries) -> real(binaries);
            case Binaries.Search.Missing(String why) ->
                throw new FleetException("the real control plane is not here: " + why);
          };
      case AUTO ->
          switch (search) {
            case Binaries.Search.Found(Binaries binaries) -> real(binaries);
            case Binaries.Search.Missing(String why) -> embedded(why);
          };
    };
  }

  private Ground cluster() {
    var kubeconfig = options.kubeconfig().orElseThrow();
    listener.progress("ground: the cluster of " + kubeconfig);
    return ClusterGround.start(kubeconfig);
  }

  private Ground embedded(String why) {
    listener.progress("ground: embedded API server, no kubectl (" + why + ")");
    return EmbeddedGround.start(options.ports().apiServer());
  }

  private Ground real(Binaries binaries) {
    listener.progress("ground: real control plane from " + binaries.folder());
    return RealGround.start(
        binaries,
        options.home().resolve("kube"),
        options.home().resolve("kubeconfig"),
        options.ports().apiServer());
  }
}
