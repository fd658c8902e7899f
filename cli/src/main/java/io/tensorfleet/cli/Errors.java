package io.tensorfleet.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tensorfleet.local.FleetException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns whatever a command threw into one sentence on stderr and an exit status. */
final class Errors implements IExecutionExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

  record Answer(int exitStatus, String sentence) {}

  @Override
  public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
    LOG.debug("{} failed", command.getCommandName(), thrown);
    var answer = answer(thrown);
    command.getErr().println("tensorfleet: " + answer.sentence());
    return answer.exitStatus();
  }

  static Answer answer(Throwable thrown) {
    return switch (thrown) {
      case CliException e -> new Answer(e.exitStatus(), sentence(e));
      case StatusRuntimeException e -> remote(e.getStatus());
      case FleetException e -> new Answer(1, sentence(e));
      case KubernetesClientException e ->
          new Answer(1, "the Kubernetes API answered: " + sentence(e));
      case IllegalArgumentException e -> new Answer(2, sentence(e));
      default -> new Answer(1, sentence(thrown));
    };
  }

  private static Answer remote(Status status) {
    var said = Optional.ofNullable(status.getDescription()).orElse("no reason given");
    return switch (status.getCode()) {
      case INVALID_ARGUMENT -> new Answer(2, said);
      case UNAVAILABLE ->
          new Answer(
              1,
              "the orchestrator cannot be reached ("
                  + said
                  + "): start a fleet with `tensorfleet up`, or name one with --orchestrator HOST:PORT");
      case DEADLINE_EXCEEDED ->
          new Answer(1, "the orchestrator did not answer in time; it may be busy: try again");
      default -> new Answer(1, said);
    };
  }

  private static String sentence(Throwable thrown) {
    return Optional.ofNullable(thrown.getMessage()).orElse(thrown.getClass().getSimpleName());
  }
}
