package io.tensorfleet.operator.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tensorfleet.crds.WorkerPoolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Completes a Pod template to one that runs a worker. What the template says already stays. */
final class Completion {
  static final String WORKER = "worker";
  static final int GRPC_PORT = 50052;
  static final int METRICS_PORT = 2112;

  /** Between the end of a drain and SIGKILL: to hand back what did not end. */
  private static final Duration MARGIN = Duration.ofSeconds(15);

  private static final String TMP = "/tmp";
  private static final String TMP_VOLUME = "tensorfleet-tmp";

  private Completion() {}

  static PodTemplateSpec of(PodTemplateSpec template, WorkerPoolSpec pool, PodDefaults defaults) {
    PodSpec given = Optional.ofNullable(template.getSpec()).orElseGet(PodSpec::new);
    Container worker = worker(given, pool, defaults);
    List<Container> containers = new ArrayList<>(given.getContainers());
    containers.removeIf(c -> WORKER.equals(c.getName()));
    containers.replaceAll(Security::besides);
    containers.addFirst(worker);
    PodSpec spec = Security.complete(given);
    return new PodTemplateSpecBuilder(template)
        .withMetadata(Optional.ofNullable(template.getMetadata()).orElseGet(ObjectMeta::new))
        .withSpec(
            new PodSpecBuilder(TlsMount.volume(withTmp(spec, worker), pool))
                .withContainers(containers)
                .withInitContainers(
                    given.getInitContainers().stream().map(Security::besides).toList())
                .withTerminationGracePeriodSeconds(grace(given, pool))
                // else a Service called "worker" would set WORKER_PORT in every Pod
                .withEnableServiceLinks(Boolean.TRUE.equals(given.getEnableServiceLinks()))
                .build())
        .build();
  }

  private static Container worker(PodSpec given, WorkerPoolSpec pool, PodDefaults defaults) {
    Container own =
        given.getContainers().stream()
            .filter(c -> WORKER.equals(c.getName()))
            .findFirst()
            .orElseGet(Container::new);
    String image = pool.ownImage().orElse(defaults.image());
    return new ContainerBuilder(own)
        .withName(WORKER)
        .withImage(or(own.getImage(), image))
        .withEnv(merged(own.getEnv(), WorkerEnvironment.of(pool, defaults), EnvVar::getName))
        .withPorts(merged(own.getPorts(), ports(), ContainerPort::getName))
        .withStartupProbe(or(own.getStartupProbe(), probe("/livez", 1, 120)))
        .withLivenessProbe(or(own.getLivenessProbe(), probe("/livez", 10, 3)))
        .withReadinessProbe(or(own.getReadinessProbe(), probe("/readyz", 2, 3)))
        .withSecurityContext(Security.complete(own.getSecurityContext()))
        .withVolumeMounts(
            merged(
                own.getVolumeMounts(),
                mounts(pool),
                mount -> mount.getMountPath().replaceAll("/+$", "")))
        .build();
  }

  private static List<VolumeMount> mounts(WorkerPoolSpec pool) {
    var tmp = new VolumeMountBuilder().withName(TMP_VOLUME).withMountPath(TMP).build();
    return Stream.concat(Stream.of(tmp), TlsMount.mount(pool).stream()).toList();
  }

  /** The volume of /tmp, where the worker mounts it and the template does not bring it. */
  private static PodSpec withTmp(PodSpec spec, Container worker) {
    boolean mounted =
        worker.getVolumeMounts().stream().anyMatch(m -> TMP_VOLUME.equals(m.getName()));
    boolean brought = spec.getVolumes().stream().anyMatch(v -> TMP_VOLUME.equals(v.getName()));
    if (!mounted || brought) {
      return spec;
    }
    var volume = new VolumeBuilder().withName(TMP_VOLUME).withNewEmptyDir().endEmptyDir().build();
    return new PodSpecBuilder(spec).addToVolumes(volume).build();
  }

  private static long grace(PodSpec given, WorkerPoolSpec pool) {
    return or(
        given.getTerminationGracePeriodSeconds(),
        pool.worker().drain().plus(MARGIN).plusMillis(999).toSeconds());
  }

  private static List<ContainerPort> ports() {
    return List.of(port("grpc", GRPC_PORT), port("metrics", METRICS_PORT));
  }

  private static ContainerPort port(String name, int number) {
    return new ContainerPortBuilder()
        .withName(name)
        .withContainerPort(number)
        .withProtocol("TCP")
        .build();
  }

  private static Probe probe(String path, int period, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort("metrics")
        .endHttpGet()
        .withPeriodSeconds(period)
        .withTimeoutSeconds(2)
        .withFailureThreshold(failures)
        .build();
  }

  /** What is there, then what is missing by name. */
  static <T> List<T> merged(
      @Nullable List<T> given, List<T> more, Function<T, @Nullable String> name) {
    List<T> all = new ArrayList<>(given == null ? List.of() : given);
    List<@Nullable String> names = all.stream().<@Nullable String>map(name).toList();
    more.stream().filter(item -> !names.contains(name.apply(item))).forEach(all::add);
    return all;
  }

  static <T> T or(@Nullable T given, T usual) {
    return given == null ? usual : given;
  }
}
