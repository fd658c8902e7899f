package io.tensorfleet.cli;

import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.tensorfleet.cli.demo.PoolFile;
import io.tensorfleet.cli.output.Json;
import io.tensorfleet.local.Fleet;
import io.tensorfleet.local.FleetFile;
import io.tensorfleet.local.FleetOptions.Ports;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tensorfleet up}: a whole fleet on this machine, until Ctrl-C or {@code stop}. */
@Command(
    name = "up",
    description = "Starts a whole fleet on this machine and stays; Ctrl-C drains and stops it.")
final class UpCommand implements Callable<Integer> {
  private static final int GRPC = 50051;
  private static final int HTTP = 8080;

  @Spec @Nullable CommandSpec spec;
  @Mixin FleetOption fleetOption = new FleetOption();
  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      defaultValue = "" + GRPC,
      description = "The orchestrator's gRPC, 0 for any free port (default: ${DEFAULT-VALUE}).")
  int grpcPort = GRPC;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "" + HTTP,
      description = "The orchestrator's HTTP, 0 for any free port (default: ${DEFAULT-VALUE}).")
  int httpPort = HTTP;

  @Option(
      names = "--pool",
      paramLabel = "FILE",
      description =
          "A WorkerPool to apply once the fleet is up; the way in where there is no kubectl.")
  Optional<Path> pool = Optional.empty();

  @Override
  public Integer call() throws InterruptedException {
    var command = Objects.requireNonNull(spec).commandLine();
    var options =
        fleetOption
            .options()
            .with(new Ports(port("--grpc-port", grpcPort), port("--http-port", httpPort), 0));
    var wanted = pool.map(PoolFile::read);
    Logs.toFile(options.home().resolve("logs").resolve("fleet.log"));
    try (var fleet = Fleet.start(options, progress(command.getErr()))) {
      wanted.ifPresent(
          item -> fleet.kubernetes().resource(item).createOr(NonDeletingOperation::update));
      print(command.getOut(), fleet.file());
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private static int port(String option, int port) {
    if (port < 0 || port > 65_535) {
      throw CliException.refused(option + " " + port + ": accepted are 0 to 65535");
    }
    return port;
  }

  /** What a start and a stop say, one line each. */
  static io.tensorfleet.local.FleetListener progress(PrintWriter err) {
    return sentence -> {
      err.println("tensorfleet: " + sentence);
      err.flush();
    };
  }

  private void print(PrintWriter out, FleetFile fleet) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("ground", fleet.ground());
    facts.put("orchestrator", fleet.grpcAddress());
    facts.put("http", "http://" + fleet.httpAddress());
    facts.put("api-server", fleet.apiServer());
    fleet.kubeconfig().ifPresent(file -> facts.put("kubeconfig", file.toString()));
    facts.put("process", String.valueOf(fleet.pid()));
    out.println(output.json() ? Json.ofValue(facts) : text(facts));
    out.flush();
  }

  private static String text(Map<String, String> facts) {
    var lines = new StringBuilder("the fleet is up\n");
    facts.forEach((name, value) -> lines.append("  %-13s %s%n".formatted(name, value)));
    return lines.append("Ctrl-C, or `tensorfleet stop`, drains and stops it").toString();
  }
}
