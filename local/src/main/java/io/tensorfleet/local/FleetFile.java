package io.tensorfleet.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.local.ground.KubeClients;
import io.tensorfleet.local.process.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What a running fleet says of itself in {@code fleet.json} of its home, for other programs.
 *
 * @param startedAt when the process started, so that its number cannot be mistaken
 * @param grpcAddress of the orchestrator, {@code host:port}
 * @param httpAddress of the orchestrator, {@code host:port}
 * @param apiServer base URL of the Kubernetes API
 * @param kubeconfig for kubectl; none on the embedded ground, whose API server knows no discovery
 */
public record FleetFile(
    long pid,
    Instant startedAt,
    String ground,
    String grpcAddress,
    String httpAddress,
    String apiServer,
    Optional<Path> kubeconfig) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The fleet that runs in this home; none when there is no file or its process is gone. */
  public static Optional<FleetFile> read(Path home) {
    Path file = file(home);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(JSON.readTree(Files.readString(file)))).filter(FleetFile::isAlive);
    } catch (IOException | RuntimeException unreadable) {
      return Optional.empty();
    }
  }

  /** A client of its Kubernetes API; the caller closes it. */
  public KubernetesClient connect() {
    Config config = kubeconfig.map(KubeClients::read).orElseGet(() -> KubeClients.plain(apiServer));
    return KubeClients.of(config);
  }

  /** When this process started. */
  static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }

  private boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> startOf(process).equals(startedAt))
        .isPresent();
  }

  /** Writes the file, whole or not at all, for the owner only. */
  void write(Path home) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("pid", pid)
            .put("startedAt", startedAt.toString())
            .put("ground", ground)
            .put("grpcAddress", grpcAddress)
            .put("httpAddress", httpAddress)
            .put("apiServer", apiServer);
    kubeconfig.ifPresent(path -> node.put("kubeconfig", path.toString()));
    new PrivateFile(file(home)).write(node.toPrettyString() + "\n");
  }

  static void remove(Path home) {
    try {
      Files.deleteIfExists(file(home));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file(home), e);
    }
  }

  private static FleetFile parse(JsonNode node) {
    return new FleetFile(
        node.required("pid").asLong(),
        Instant.parse(node.required("startedAt").asText()),
        node.required("ground").asText(),
        node.required("grpcAddress").asText(),
        node.required("httpAddress").asText(),
        node.required("apiServer").asText(),
        Optional.ofNullable(node.get("kubeconfig")).map(JsonNode::asText).map(Path::of));
  }

  private static Path file(Path home) {
    return home.resolve("fleet.json");
  }
}
