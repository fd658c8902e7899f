package io.tensorfleet.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.local.ground.Binaries;
import io.tensorfleet.local.ground.RealGround;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a real control plane, one for each class that asks for it by a parameter of type
 * {@link RealGround} or {@link KubernetesClient}. Without its programs the tests are skipped aloud;
 * with {@code CI=true} that is an error.
 */
public final class ControlPlaneExtension implements ExecutionCondition, ParameterResolver {
  private static final Namespace OWN = Namespace.create(ControlPlaneExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return switch (Binaries.find(System.getenv())) {
      case Binaries.Search.Found(Binaries found) ->
          ConditionEvaluationResult.enabled("control plane in " + found.folder());
      case Binaries.Search.Missing(String why) -> missing(context, why);
    };
  }

  private static ConditionEvaluationResult missing(ExtensionContext context, String why) {
    if ("true".equals(System.getenv("CI"))) {
      throw new IllegalStateException("CI must test on the real control plane: " + why);
    }
    System.err.println("SKIPPED " + context.getDisplayName() + ": " + why);
    return ConditionEvaluationResult.disabled(why);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == RealGround.class || type == KubernetesClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var perClass = context.getParent().filter(parent -> context.getTestMethod().isPresent());
    var store = perClass.orElse(context).getStore(OWN);
    RealGround ground = store.computeIfAbsent(Plane.class, _ -> new Plane(), Plane.class).ground;
    return parameter.getParameter().getType() == RealGround.class ? ground : ground.client();
  }

  /** One running control plane; the store closes it. */
  private static final class Plane implements AutoCloseable {
    private final RealGround ground = start();

    private static RealGround start() {
      if (Binaries.find(System.getenv()) instanceof Binaries.Search.Found(Binaries binaries)) {
        try {
          Path home = Files.createTempDirectory("control-plane");
          return RealGround.start(binaries, home, home.resolve("kubeconfig"), 0);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      throw new IllegalStateException("the condition lets no test run without the programs");
    }

    @Override
    public void close() {
      ground.close();
    }
  }
}
