package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.crds.ScalingPolicyRule;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.operator.policy.Decision.Rule;
import io.tensorfleet.operator.policy.Memory.ScaleEvent;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.Unknown;
import io.tensorfleet.operator.policy.Sizing.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The scaling decision: first the size, then who comes and who goes. */
public final class ScalingPolicy {
  private ScalingPolicy() {}

  /** What to do about a pool, from everything that may be known of it. */
  public static ScalePlan decide(PoolView view) {
    Fleet fleet = Fleet.of(view);
    Schedules schedules = Schedules.at(view.spec().scaling().schedules(), view.now());
    int size = sizeBefore(view, fleet);
    Situation situation = new Situation(view, fleet, schedules, size, demand(view, fleet, size));
    Outcome asked = size(situation);
    int target = underMode(view.spec().scaling().mode(), size, asked.size());
    Rule rule = target == asked.size() ? asked.rule() : Rule.Mode;
    Rollout rollout = view.memory().rollout().next(view, fleet, target);
    Breakers breakers = Breakers.of(view, rollout);
    Staffing.Plan staff = staff(situation, target, breakers, rollout);
    Optional<Instant> mayChangeAt = mayChangeAt(situation, asked, breakers, rollout);
    Decision decision = decision(situation, asked, target, rule, mayChangeAt);
    return new ScalePlan(
        staff.creates(),
        staff.ofStable(),
        staff.retirements(),
        target,
        decision,
        NoteWriter.notes(situation, asked, decision, new NoteWriter.Doing(staff, rollout)),
        memory(situation, asked, target, staff, breakers).with(rollout));
  }

  /**
   * The size decided last. After a restart that is not known for sure, as the status may be older
   * than what was done: where the queue tells what is needed, what is there counts, so that nobody
   * is made who was just removed, and nobody leaves before a window has passed.
   */
  private static int sizeBefore(PoolView view, Fleet fleet) {
    Memory memory = view.memory();
    if (!memory.wishes().isEmpty()) {
      return memory.size().orElse(fleet.supply());
    }
    int told = memory.size().orElse(0);
    int surge = Math.min(view.spec().update().surgeFor(told), fleet.old(view.revision()));
    int there = fleet.supply() <= told ? fleet.supply() : Math.max(told, fleet.supply() - surge);
    boolean decides =
        view.queue() instanceof Known
            && view.spec().scaling().mode() == ScalingMode.Auto
            && view.spec().decidedElsewhere().isEmpty();
    return decides ? there : Math.max(told, there);
  }

  private static Optional<Demand> demand(PoolView view, Fleet fleet, int size) {
    boolean empty = size == 0 && fleet.supply() == 0;
    return view.queue() instanceof Known known
        ? Optional.of(Demand.of(view.spec(), known, empty))
        : Optional.empty();
  }

  private static Outcome size(Situation situation) {
    PoolView view = situation.view();
    WorkerPoolSpec spec = view.spec();
    Bounds bounds = Bounds.of(spec, situation.schedules());
    Sizing sizing = new Sizing(spec, bounds, view.memory(), situation.size(), view.now());
    OptionalInt elsewhere = spec.decidedElsewhere();
    if (elsewhere.isPresent()) {
      return sizing.elsewhere(elsewhere.getAsInt());
    }
    return view.queue() instanceof Unknown unknown
        ? sizing.unknown(unknown, situation.fleet().supply())
        : sizing.known(situation.demand().orElseThrow());
  }

  private static int underMode(ScalingMode mode, int size, int asked) {
    return switch (mode) {
      case Auto, DryRun -> asked;
      case Paused -> size;
      case PausedIn -> Math.max(size, asked);
      case PausedOut -> Math.min(size, asked);
    };
  }

  private static Staffing.Plan staff(
      Situation situation, int target, Breakers breakers, Rollout rollout) {
    PoolView view = situation.view();
    ScalingMode mode = view.spec().scaling().mode();
    if (mode == ScalingMode.Paused || mode == ScalingMode.DryRun) {
      return Staffing.Plan.nothing();
    }
    if (view.queue() instanceof Unknown) {
      return Staffing.withoutRemoval(view, situation.fleet(), target, rollout);
    }
    List<PodView> replaceable = breakers.replaceable(situation.fleet());
    var leave = new Staffing.Leave(replaceable, mode != ScalingMode.PausedIn);
    return Staffing.of(situation, target, leave, rollout);
  }

  private static Decision decision(
      Situation situation, Outcome asked, int target, Rule rule, Optional<Instant> mayChangeAt) {
    return new Decision(
        Sentences.of(situation, asked, target, rule),
        rule,
        situation.size(),
        target,
        situation.demand().map(Demand::workers).orElse(situation.size()),
        situation.demand().map(Demand::slots).orElse(0L),
        situation.fleet().supply(),
        mayChangeAt);
  }

  private static Optional<Instant> mayChangeAt(
      Situation situation, Outcome asked, Breakers breakers, Rollout rollout) {
    PoolView view = situation.view();
    return Stream.of(
            asked.mayChangeAt(),
            situation.schedules().nextChange(),
            Fleet.nextDeadline(view),
            rollout.mayChangeAt(view.spec().update()),
            breakers.opens(situation.fleet().failed()))
        .flatMap(Optional::stream)
        .filter(time -> time.isAfter(view.now()))
        .min(Instant::compareTo);
  }

  private static Memory memory(
      Situation situation, Outcome asked, int target, Staffing.Plan staff, Breakers breakers) {
    PoolView view = situation.view();
    boolean dry = view.spec().scaling().mode() == ScalingMode.DryRun;
    Behavior behavior = view.spec().scaling().behavior();
    Duration window = longest(behavior.upWindow(), behavior.downWindow());
    return new Memory(
        OptionalInt.of(dry ? situation.fleet().supply() : target),
        asked.wishes().since(view.now(), window).list(),
        events(view, behavior, dry ? 0 : target - situation.size()),
        breakers.after(staff.retirements(), situation.fleet()),
        view.memory().rollout());
  }

  private static List<ScaleEvent> events(PoolView view, Behavior behavior, int change) {
    Duration period =
        Stream.of(behavior.scaleUp(), behavior.scaleDown())
            .flatMap(rules -> rules.policies().stream())
            .map(ScalingPolicyRule::periodSeconds)
            .map(Duration::ofSeconds)
            .reduce(Duration.ZERO, ScalingPolicy::longest);
    Instant cutoff = view.now().minus(period);
    List<ScaleEvent> events = new ArrayList<>(view.memory().events());
    events.removeIf(event -> !event.at().isAfter(cutoff));
    if (change != 0 && period.isPositive()) {
      events.add(new ScaleEvent(view.now(), change));
    }
    return events;
  }

  private static Duration longest(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
