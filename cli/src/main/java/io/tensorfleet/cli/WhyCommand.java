package io.tensorfleet.cli;

import io.tensorfleet.cli.output.Json;
import io.tensorfleet.cli.output.PoolRows;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tensorfleet why}: the operator's last decision about a pool, in words. */
@Command(name = "why", description = "Says why a pool has the size it has.")
final class WhyCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;
  @Mixin Connection connection = new Connection();
  @Mixin OutputOption output = new OutputOption();

  @Parameters(paramLabel = "POOL", description = "The pool's name, or NAMESPACE/NAME.")
  String pool = "";

  @Override
  public Integer call() {
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    try (var pools = connection.pools()) {
      var found = pools.named(pool);
      out.println(
          output.json()
              ? Json.ofValue(PoolRows.decision(found))
              : PoolRows.why(found, Instant.now()));
      return 0;
    }
  }
}
