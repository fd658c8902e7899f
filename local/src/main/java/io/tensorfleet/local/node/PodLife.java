package io.tensorfleet.local.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Decides what a node does with one Pod, from what it sees and what it remembers. Pure. */
public final class PodLife {
  private PodLife() {}

  /** What the probes said of the present run. */
  public record Probes(boolean started, boolean ready, boolean alive) {
    /** Of a program whose probes have not spoken. */
    public static final Probes SILENT = new Probes(false, false, true);
  }

  /** What the node sees now. */
  public record Seen(Run run, Probes probes, boolean deleting, Instant now) {}

  /**
   * What the node remembers of a Pod.
   *
   * @param crashes ends in a row that count for the back-off
   * @param stopping when SIGTERM was sent to the present run
   */
  public record Memory(
      int restarts, int crashes, Optional<Run.Ended> last, Optional<Instant> stopping) {
    public static final Memory NONE = new Memory(0, 0, Optional.empty(), Optional.empty());

    /** Of a Pod whose program ran under an earlier node process that crashed. */
    public static Memory afterNodeCrash(int restarts, Run.Ended last) {
      return new Memory(restarts + 1, 0, Optional.of(last), Optional.empty());
    }
  }

  /** What to do now. */
  public enum Action {
    NOTHING,
    START,
    TERMINATE,
    KILL,
    /** Nothing of it runs and it is to go: take the Pod off the API server. */
    FORGET
  }

  /** What the Pod's status says of the program. */
  public sealed interface View {
    /** Waits for its (next) start. */
    record Waiting(String reason, String message) implements View {}

    /** Runs. */
    record Running(Instant since, boolean started, boolean ready) implements View {}

    /** Ended for good. */
    record Terminated(Run.Ended end) implements View {}
  }

  /**
   * What follows.
   *
   * @param wakeAt when to look again although nothing happened
   */
  public record Step(Action action, View view, Memory memory, Optional<Instant> wakeAt) {}

  /** The next step of a Pod. */
  public static Step next(PodPlan plan, Memory memory, Seen seen) {
    return switch (seen.run()) {
      case Run.NotStarted() -> notStarted(memory, seen);
      case Run.Impossible(String reason, String message) ->
          step(
              seen.deleting() ? Action.FORGET : Action.NOTHING,
              new View.Waiting(reason, message),
              memory);
      case Run.Running running -> running(plan, memory, seen, running);
      case Run.Ended ended -> ended(plan, memory, seen, ended);
    };
  }

  private static Step notStarted(Memory memory, Seen seen) {
    var view = new View.Waiting("ContainerCreating", "");
    return step(seen.deleting() ? Action.FORGET : Action.START, view, memory);
  }

  private static Step running(PodPlan plan, Memory memory, Seen seen, Run.Running running) {
    boolean started = !plan.startupProbe() || seen.probes().started();
    boolean ready = started && (!plan.readinessProbe() || seen.probes().ready());
    var view = new View.Running(running.since(), started, ready);
    if (!seen.deleting() && seen.probes().alive()) {
      return step(Action.NOTHING, view, memory);
    }
    if (memory.stopping().isEmpty()) {
      var stopping =
          new Memory(memory.restarts(), memory.crashes(), memory.last(), Optional.of(seen.now()));
      return new Step(Action.TERMINATE, view, stopping, Optional.of(seen.now().plus(plan.grace())));
    }
    Instant deadline = memory.stopping().get().plus(plan.grace());
    return seen.now().isBefore(deadline)
        ? new Step(Action.NOTHING, view, memory, Optional.of(deadline))
        : step(Action.KILL, view, memory);
  }

  private static Step ended(PodPlan plan, Memory memory, Seen seen, Run.Ended ended) {
    if (seen.deleting()) {
      return step(Action.FORGET, new View.Terminated(ended), memory);
    }
    if (!plan.restart().wants(ended.exitCode())) {
      return step(Action.NOTHING, new View.Terminated(ended), memory);
    }
    Duration ran = Duration.between(ended.since(), ended.at());
    int crashes = plan.backOff().forgives(ran) ? 1 : memory.crashes() + 1;
    Instant startAt = ended.at().plus(plan.backOff().after(crashes));
    var view =
        new View.Waiting(
            "CrashLoopBackOff", "the program ended with exit code " + ended.exitCode());
    if (seen.now().isBefore(startAt)) {
      var waiting =
          new Memory(memory.restarts(), memory.crashes(), Optional.of(ended), Optional.empty());
      return new Step(Action.NOTHING, view, waiting, Optional.of(startAt));
    }
    var restarted =
        new Memory(memory.restarts() + 1, crashes, Optional.of(ended), Optional.empty());
    return step(Action.START, view, restarted);
  }

  private static Step step(Action action, View view, Memory memory) {
    return new Step(action, view, memory, Optional.empty());
  }
}
