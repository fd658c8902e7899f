package io.tensorfleet.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tensorfleet}: what people type. */
@Command(
    name = "tensorfleet",
    description = "A training fleet for Kubernetes that sizes itself by its queue.",
    mixinStandardHelpOptions = true,
    version = "tensorfleet 0.1.0",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      SubmitCommand.class,
      CancelCommand.class,
      GetCommand.class,
      WhyCommand.class,
      StopCommand.class
    },
    footer = {"", "Exit status: 0 done, 1 could not be done, 2 what was typed cannot be accepted."})
public final class Main implements Runnable {

  @Override
  public void run() {
    throw CliException.refused("say what to do; `tensorfleet --help` lists the commands");
  }

  public static void main(String[] args) {
    Logs.quiet();
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    var command =
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setExecutionExceptionHandler(new Errors());
    helpEverywhere(command);
    return command;
  }

  private static void helpEverywhere(CommandLine command) {
    command
        .getSubcommands()
        .values()
        .forEach(
            sub -> {
              sub.getCommandSpec().mixinStandardHelpOptions(true);
              helpEverywhere(sub);
            });
  }
}
