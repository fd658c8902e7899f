package io.tensorfleet.operator.pods;

import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SeccompProfileBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What makes a worker Pod pass the restricted profile of Pod Security, where it says nothing else.
 */
final class Security {
  private static final long USER = 65_532;

  private Security() {}

  static PodSpec complete(PodSpec given) {
    return new PodSpecBuilder(given)
        .withSecurityContext(ofPod(given.getSecurityContext()))
        .withAutomountServiceAccountToken(
            Completion.or(given.getAutomountServiceAccountToken(), false))
        .withEnableServiceLinks(Completion.or(given.getEnableServiceLinks(), false))
        .build();
  }

  private static PodSecurityContext ofPod(@Nullable PodSecurityContext own) {
    PodSecurityContext given = Optional.ofNullable(own).orElseGet(PodSecurityContext::new);
    var usual = new SeccompProfileBuilder().withType("RuntimeDefault").build();
    return new PodSecurityContextBuilder(given)
        .withRunAsNonRoot(Completion.or(given.getRunAsNonRoot(), true))
        .withRunAsUser(Completion.or(given.getRunAsUser(), USER))
        .withRunAsGroup(Completion.or(given.getRunAsGroup(), USER))
        .withFsGroup(Completion.or(given.getFsGroup(), USER))
        .withSeccompProfile(Completion.or(given.getSeccompProfile(), usual))
        .build();
  }

  /**
   * A container of the template's own. It may need a root file system that it can write to; one
   * that asks for more than the profile allows stays as it is, and the API server says no.
   */
  static Container besides(Container own) {
    SecurityContext given =
        Optional.ofNullable(own.getSecurityContext()).orElseGet(SecurityContext::new);
    if (Boolean.TRUE.equals(given.getPrivileged())) {
      return own;
    }
    var none = new CapabilitiesBuilder().withDrop("ALL").build();
    return new ContainerBuilder(own)
        .withSecurityContext(
            new SecurityContextBuilder(given)
                .withAllowPrivilegeEscalation(
                    Completion.or(given.getAllowPrivilegeEscalation(), false))
                .withCapabilities(Completion.or(given.getCapabilities(), none))
                .build())
        .build();
  }

  static SecurityContext complete(@Nullable SecurityContext own) {
    SecurityContext given = Optional.ofNullable(own).orElseGet(SecurityContext::new);
    var none = new CapabilitiesBuilder().withDrop("ALL").build();
    return new SecurityContextBuilder(given)
        .withAllowPrivilegeEscalation(Completion.or(given.getAllowPrivilegeEscalation(), false))
        .withReadOnlyRootFilesystem(Completion.or(given.getReadOnlyRootFilesystem(), true))
        .withCapabilities(Completion.or(given.getCapabilities(), none))
        .build();
  }
}
