package io.tensorfleet.operator.pods;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tensorfleet.crds.OrchestratorRef;
import io.tensorfleet.crds.WorkerPoolSpec;
import java.util.Optional;

/**
 * The Secret of a pool's TLS, as a worker sees it. The kubelet reads it, the operator never does.
 */
final class TlsMount {
  static final String PATH = "/var/run/tensorfleet/tls";

  private static final String VOLUME = "tensorfleet-tls";

  /** For the owner and the Pod's group. */
  private static final int MODE = 0440;

  private TlsMount() {}

  static Optional<VolumeMount> mount(WorkerPoolSpec pool) {
    return Optional.ofNullable(pool.orchestrator().tls())
        .map(
            _ ->
                new VolumeMountBuilder()
                    .withName(VOLUME)
                    .withMountPath(PATH)
                    .withReadOnly(true)
                    .build());
  }

  /** With the volume, where the template does not bring one of that name. */
  static PodSpec volume(PodSpec spec, WorkerPoolSpec pool) {
    OrchestratorRef.Tls tls = pool.orchestrator().tls();
    if (tls == null || spec.getVolumes().stream().anyMatch(v -> VOLUME.equals(v.getName()))) {
      return spec;
    }
    var volume =
        new VolumeBuilder()
            .withName(VOLUME)
            .withNewSecret()
            .withSecretName(tls.secretName())
            .withDefaultMode(MODE)
            .endSecret()
            .build();
    return new PodSpecBuilder(spec).addToVolumes(volume).build();
  }
}
