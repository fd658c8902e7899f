package io.tensorfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tensorfleet.local.FleetFile;
import io.tensorfleet.local.ground.Binaries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fleet as a person keeps it: up, used by other commands, stopped, and up again with its data.
 */
@ExtendWith(ControlPlaneExtension.class)
class UpIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private record Ran(int status, String text) {
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(text);
    }
  }

  @TempDir Path home = Path.of("");

  @Test
  void aFleetServesOtherCommandsAndItsDataSurvivesAStop() throws Exception {
    var up = start();
    assertThat(
            kubectl(
                    "apply",
                    "-f",
                    Repository.root().resolve("deploy/samples/workerpool.yaml").toString())
                .status())
        .isZero();
    var submitted =
        tensorfleet(
            "submit", "--mix", "--tasks", "6", "--epochs", "2", "--job-id", "kept", "--wait");
    assertThat(submitted.status()).as(submitted.text()).isZero();
    assertThat(tensorfleet("get", "tasks", "--job", "kept", "-o", "json").json()).hasSize(6);
    assertThat(tensorfleet("why", "trainers").text()).startsWith("default/trainers: ");
    assertThat(kubectl("get", "wp").text()).contains("DESIRED", "PENDING", "trainers");
    stop(up);

    var again = start();
    assertThat(tensorfleet("get", "jobs", "-o", "json").json().get(0).get("state").asText())
        .isEqualTo("JOB_STATE_COMPLETED");
    assertThat(tensorfleet("get", "pools").text()).contains("trainers");
    stop(again);
  }

  @Test
  void aSecondFleetInTheSameHomeIsRefusedAndTheFirstGoesOn() throws Exception {
    var up = start();

    var second = tensorfleet("up", "--grpc-port", "0", "--http-port", "0");

    assertThat(second.status()).isOne();
    assertThat(second.text()).contains(String.valueOf(up.pid()));
    assertThat(tensorfleet("get", "workers").status()).isZero();
    stop(up);
  }

  private Process start() throws IOException {
    var words =
        Repository.tensorfleet(
            "up",
            "--ground",
            "real",
            "--grpc-port",
            "0",
            "--http-port",
            "0",
            "--home",
            home.toString());
    var process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("up.log").toFile())
            .start();
    Await.value(
        LIMIT, "the fleet to be up", () -> FleetFile.read(home).filter(_ -> process.isAlive()));
    return process;
  }

  /** The way a person stops it, and nothing is left behind. */
  private void stop(Process up) throws Exception {
    var children = up.descendants().toList();
    assertThat(children).isNotEmpty();
    assertThat(tensorfleet("stop").status()).isZero();
    assertThat(up.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(FleetFile.read(home)).isEqualTo(Optional.empty());
    assertThat(children).noneMatch(ProcessHandle::isAlive);
  }

  private Ran tensorfleet(String... words) throws Exception {
    return run(
        Repository.tensorfleet(
            Stream.concat(Stream.of(words), Stream.of("--home", home.toString()))
                .toArray(String[]::new)));
  }

  private Ran kubectl(String... words) throws Exception {
    var found = (Binaries.Search.Found) Binaries.find(System.getenv());
    var command =
        Stream.concat(
            Stream.of(
                found.binaries().folder().resolve("kubectl").toString(),
                "--kubeconfig",
                home.resolve("kubeconfig").toString()),
            Stream.of(words));
    return run(command.toList());
  }

  private static Ran run(List<String> command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), text);
  }
}
