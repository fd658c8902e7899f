package io.tensorfleet.worker.server;

import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Server reflection in both versions that clients ask for, loaded at the first question: most
 * workers are never asked, and each start would pay.
 */
final class LazyReflection extends HandlerRegistry {
  private static final String PREFIX = "grpc.reflection.";

  private static final class Loaded {
    static final List<ServerServiceDefinition> SERVICES =
        List.of(Guard.around(ProtoReflectionServiceV1.newInstance()), Guard.around(alpha()));

    @SuppressWarnings("deprecation") // what grpcurl up to 1.8 and older clients speak
    private static BindableService alpha() {
      return io.grpc.protobuf.services.ProtoReflectionService.newInstance();
    }
  }

  @Override
  public List<ServerServiceDefinition> getServices() {
    return Loaded.SERVICES;
  }

  @Override
  public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
      String method, @Nullable String authority) {
    if (!method.startsWith(PREFIX)) {
      return null;
    }
    return Loaded.SERVICES.stream()
        .<@Nullable ServerMethodDefinition<?, ?>>map(service -> service.getMethod(method))
        .filter(found -> found != null)
        .findFirst()
        .orElse(null);
  }
}
