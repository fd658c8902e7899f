package io.tensorfleet.local.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from a Pod what its program is to be: container, command, environment, plan. Pure. */
final class Containers {
  /** The container that is run; a Pod without one of this name has its first run. */
  static final String WORKER = "worker";

  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");
  private static final Duration USUAL_GRACE = Duration.ofSeconds(30);

  private Containers() {}

  /** A container that asks for something this node cannot give. */
  static final class Unsupported extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unsupported(String message) {
      super(message);
    }
  }

  static Container worker(Pod pod) {
    List<Container> containers = pod.getSpec().getContainers();
    return containers.stream()
        .filter(c -> WORKER.equals(c.getName()))
        .findFirst()
        .orElse(containers.getFirst());
  }

  /** The program: the container's own command, else the image's; then its arguments. */
  static List<String> command(Container container, List<String> image) {
    var command =
        new ArrayList<>(container.getCommand().isEmpty() ? image : container.getCommand());
    command.addAll(container.getArgs());
    return List.copyOf(command);
  }

  static PodPlan plan(Pod pod, PodPlan.BackOff backOff) {
    Container container = worker(pod);
    Duration grace =
        Optional.ofNullable(pod.getMetadata().getDeletionGracePeriodSeconds())
            .or(() -> Optional.ofNullable(pod.getSpec().getTerminationGracePeriodSeconds()))
            .map(Duration::ofSeconds)
            .orElse(USUAL_GRACE);
    return new PodPlan(
        PodPlan.Restart.of(Optional.ofNullable(pod.getSpec().getRestartPolicy()).orElse("Always")),
        grace,
        container.getStartupProbe() != null,
        container.getReadinessProbe() != null,
        backOff);
  }

  /** The number of a port that a probe names. */
  static Optional<Integer> port(Container container, IntOrString port) {
    if (port.getIntVal() != null) {
      return Optional.of(port.getIntVal());
    }
    return container.getPorts().stream()
        .filter(p -> port.getStrVal().equals(p.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst();
  }

  /**
   * The environment that the Pod sets.
   *
   * @throws Unsupported naming a variable whose source this node does not read
   */
  static Map<String, String> environment(Pod pod, String address) {
    Container container = worker(pod);
    if (!container.getEnvFrom().isEmpty()) {
      throw new Unsupported("envFrom is not read by the local node: name each variable in env");
    }
    var environment = new LinkedHashMap<String, String>();
    for (EnvVar variable : container.getEnv()) {
      String value =
          variable.getValueFrom() == null
              ? expanded(Optional.ofNullable(variable.getValue()).orElse(""), environment)
              : fromSource(pod, address, variable);
      environment.put(variable.getName(), value);
    }
    return environment;
  }

  private static String expanded(String text, Map<String, String> before) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match -> Matcher.quoteReplacement(before.getOrDefault(match.group(1), match.group())));
  }

  private static String fromSource(Pod pod, String address, EnvVar variable) {
    EnvVarSource source = variable.getValueFrom();
    if (source.getFieldRef() != null) {
      return field(pod, address, variable.getName(), source.getFieldRef().getFieldPath());
    }
    if (source.getResourceFieldRef() != null) {
      return resource(worker(pod), source.getResourceFieldRef());
    }
    if (isOptional(source)) {
      return "";
    }
    throw new Unsupported(
        "variable "
            + variable.getName()
            + ": the local node reads values, fieldRef and resourceFieldRef, no other source");
  }

  private static boolean isOptional(EnvVarSource source) {
    return (source.getConfigMapKeyRef() != null
            && Boolean.TRUE.equals(source.getConfigMapKeyRef().getOptional()))
        || (source.getSecretKeyRef() != null
            && Boolean.TRUE.equals(source.getSecretKeyRef().getOptional()));
  }

  private static String field(Pod pod, String address, String variable, String path) {
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "status.podIP", "status.podIPs" -> address;
      case "status.hostIP" -> "127.0.0.1";
      case "spec.nodeName" -> Optional.ofNullable(pod.getSpec().getNodeName()).orElse("");
      case "spec.serviceAccountName" ->
          Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("");
      default -> keyed(pod, variable, path);
    };
  }

  private static String keyed(Pod pod, String variable, String path) {
    var match = Pattern.compile("metadata\\.(labels|annotations)\\['(.+)']").matcher(path);
    if (!match.matches()) {
      throw new Unsupported("variable " + variable + ": there is no field '" + path + "' for it");
    }
    Map<String, String> map =
        match.group(1).equals("labels")
            ? pod.getMetadata().getLabels()
            : pod.getMetadata().getAnnotations();
    return Optional.ofNullable(map).orElse(Map.of()).getOrDefault(match.group(2), "");
  }

  private static String resource(Container container, ResourceFieldSelector selector) {
    String[] path = selector.getResource().split("\\.", 2);
    if (container.getResources() == null || path.length < 2) {
      return "0";
    }
    Map<String, Quantity> map =
        path[0].equals("limits")
            ? container.getResources().getLimits()
            : container.getResources().getRequests();
    return Optional.ofNullable(map).map(m -> m.get(path[1])).map(Quantity::toString).orElse("0");
  }
}
