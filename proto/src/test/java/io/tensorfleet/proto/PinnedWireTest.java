package io.tensorfleet.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the old wire to a table that is written down apart from the .proto files. */
class PinnedWireTest {
  private static final List<FileDescriptor> OLD_FILES =
      List.of(
          io.tensorfleet.proto.orchestrator.Orchestrator.getDescriptor(),
          io.tensorfleet.proto.worker.Worker.getDescriptor(),
          io.tensorfleet.proto.externalscaler.Externalscaler.getDescriptor());

  /** Messages that the old programs do not know, or whose shape is ours to choose. */
  private static final Set<String> OURS =
      Set.of(
          "orchestrator.RegisterWorkerResponse",
          "orchestrator.HeartbeatRequest",
          "orchestrator.HeartbeatResponse",
          "orchestrator.OrchestratorService/RegisterWorker",
          "orchestrator.OrchestratorService/Heartbeat");

  @Test
  void theOldWireIsWhatTheTableSays() {
    var actual =
        OLD_FILES.stream()
            .flatMap(PinnedWireTest::lines)
            .filter(line -> !OURS.contains(line.substring(0, line.indexOf(' '))))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(actual).isEqualTo(pinned());
  }

  @Test
  void everyServiceOfTheNewWireIsThere() {
    assertThat(
            Stream.of(
                    io.tensorfleet.proto.v1.WorkServiceGrpc.getServiceDescriptor(),
                    io.tensorfleet.proto.v1.QueueServiceGrpc.getServiceDescriptor(),
                    io.tensorfleet.proto.v1.JobServiceGrpc.getServiceDescriptor())
                .map(io.grpc.ServiceDescriptor::getName))
        .containsExactly(
            "tensorfleet.v1.WorkService",
            "tensorfleet.v1.QueueService",
            "tensorfleet.v1.JobService");
  }

  private static Stream<String> lines(FileDescriptor file) {
    return Stream.concat(
        file.getMessageTypes().stream().flatMap(PinnedWireTest::fields),
        file.getServices().stream()
            .flatMap(service -> service.getMethods().stream())
            .map(PinnedWireTest::method));
  }

  private static Stream<String> fields(Descriptor message) {
    return message.getFields().stream()
        .map(
            field ->
                String.join(
                    " ",
                    message.getFullName(),
                    field.getName(),
                    String.valueOf(field.getNumber()),
                    type(field)));
  }

  private static String type(FieldDescriptor field) {
    if (field.isMapField()) {
      var entry = field.getMessageType();
      return "map<"
          + scalar(entry.findFieldByNumber(1))
          + ","
          + scalar(entry.findFieldByNumber(2))
          + ">";
    }
    return (field.isRepeated() ? "repeated " : "") + scalar(field);
  }

  private static String scalar(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        ? field.getMessageType().getFullName()
        : field.getType().name().toLowerCase(Locale.ROOT);
  }

  private static String method(MethodDescriptor method) {
    return "%s/%s %s%s %s%s"
        .formatted(
            method.getService().getFullName(),
            method.getName(),
            method.isClientStreaming() ? "stream " : "",
            method.getInputType().getFullName(),
            method.isServerStreaming() ? "stream " : "",
            method.getOutputType().getFullName());
  }

  private static TreeSet<String> pinned() {
    try (var table = PinnedWireTest.class.getResourceAsStream("/pinned-wire.txt")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
