package io.tensorfleet.operator.policy;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.Fallback;
import io.tensorfleet.crds.FallbackAction;
import io.tensorfleet.crds.Scaling;
import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.crds.ScalingPolicyRule;
import io.tensorfleet.crds.ScalingRules;
import io.tensorfleet.crds.Schedule;
import io.tensorfleet.crds.SelectPolicy;
import io.tensorfleet.crds.Update;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.crds.WorkerSettings;
import io.tensorfleet.operator.policy.Memory.Breaker;
import io.tensorfleet.operator.policy.Memory.ScaleEvent;
import io.tensorfleet.operator.policy.Memory.Wish;
import io.tensorfleet.operator.policy.PodPhase.Blocked;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.PodPhase.Finished;
import io.tensorfleet.operator.policy.PodPhase.Ready;
import io.tensorfleet.operator.policy.PodPhase.Starting;
import io.tensorfleet.operator.policy.PodPhase.Terminating;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.TaskClass;
import io.tensorfleet.operator.policy.QueueView.Unknown;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Random views: every field takes all kinds of values, in every combination. */
final class Views {
  private static final Instant NOW = Pool.START;

  private final Random random;

  private Views(long seed) {
    this.random = new Random(seed);
  }

  static Arbitrary<PoolView> any() {
    return Arbitraries.longs().map(seed -> new Views(seed).view());
  }

  /** The view after {@code plan} was carried out, at the same time. */
  static PoolView after(PoolView view, ScalePlan plan) {
    List<PodView> pods = new ArrayList<>(view.pods());
    pods.replaceAll(pod -> Pods.after(pod, plan));
    String stable = plan.memory().rollout().stable().orElse("");
    for (int i = 0; i < plan.creates(); i++) {
      String revision = i < plan.creates() - plan.ofStable() ? view.revision() : stable;
      pods.add(Pods.starting("new" + i).revision(revision).at(view.now()).build());
    }
    return new PoolView(
        view.spec(), view.queue(), pods, view.revision(), plan.memory(), view.now());
  }

  private PoolView view() {
    return new PoolView(spec(), queue(), pods(), Pool.REVISION, memory(), NOW);
  }

  private WorkerPoolSpec spec() {
    int max = random.nextInt(12);
    WorkerPoolSpec spec =
        WorkerPoolSpec.defaults()
            .withBounds(random.nextInt(max + 1), max)
            .withWorker(WorkerSettings.withSlots(1 + random.nextInt(4)))
            .withScaling(scaling())
            .withUpdate(update());
    return random.nextInt(8) == 0 ? spec.withReplicas(random.nextInt(15)) : spec;
  }

  private Scaling scaling() {
    Scaling scaling =
        Scaling.defaults()
            .withMinIdle(random.nextInt(3) == 0 ? random.nextInt(5) : 0)
            .withActivation(1 + random.nextInt(3))
            .withBehavior(new Behavior(rules(), rules()))
            .withFallback(
                new Fallback(
                    random.nextInt(90) + "s", pick(FallbackAction.values()), random.nextInt(15)))
            .withMode(random.nextBoolean() ? ScalingMode.Auto : pick(ScalingMode.values()));
    if (random.nextInt(4) == 0) {
      String start = "%d %d * * *".formatted(random.nextInt(60), random.nextInt(24));
      String end = "%d %d * * *".formatted(random.nextInt(60), random.nextInt(24));
      scaling =
          scaling.withSchedules(
              List.of(new Schedule("daily", start, end, "Etc/UTC", random.nextInt(15))));
    }
    return random.nextInt(3) == 0 ? scaling.withDrainTime("30s") : scaling;
  }

  private ScalingRules rules() {
    ScalingRules rules = ScalingRules.window(random.nextBoolean() ? 0 : random.nextInt(120));
    List<ScalingPolicyRule> policies = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      policies.add(
          new ScalingPolicyRule(
              pick(ScalingPolicyRule.Type.values()),
              1 + random.nextInt(random.nextBoolean() ? 5 : 200),
              1 + random.nextInt(60)));
    }
    return rules.withPolicies(pick(SelectPolicy.values()), policies);
  }

  private Update update() {
    Object surge = random.nextBoolean() ? random.nextInt(3) : random.nextInt(101) + "%";
    Object missing = random.nextBoolean() ? random.nextInt(3) : random.nextInt(101) + "%";
    return new Update(
        new IntOrString(surge),
        new IntOrString(missing),
        random.nextBoolean() ? null : 1 + random.nextInt(100),
        1 + random.nextInt(600) + "s",
        random.nextBoolean());
  }

  private QueueView queue() {
    if (random.nextInt(5) == 0) {
      return new Unknown(NOW.minusSeconds(random.nextInt(120)), "no answer");
    }
    List<TaskClass> classes = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      classes.add(
          new TaskClass(
              "class" + i, random.nextInt(15), random.nextInt(10), random.nextInt(4) * 7.5));
    }
    return new Known(classes, random.nextInt(4) == 0 ? random.nextInt(3) : 0);
  }

  private List<PodView> pods() {
    List<PodView> pods = new ArrayList<>();
    for (int i = random.nextInt(14); i > 0; i--) {
      pods.add(pod("w%02d".formatted(i)));
    }
    return pods;
  }

  private PodView pod(String name) {
    PodPhase phase =
        switch (random.nextInt(9)) {
          case 0, 1 -> new Starting();
          case 2 ->
              new Blocked(pick(Cause.values()), NOW.minusSeconds(random.nextInt(1200)), "blocked");
          case 3 -> new Finished("Evicted");
          case 4 -> new Terminating();
          default -> new Ready();
        };
    boolean ready = phase instanceof Ready;
    OptionalInt busy =
        random.nextInt(ready ? 6 : 2) == 0
            ? OptionalInt.empty()
            : OptionalInt.of(random.nextBoolean() ? 0 : 1 + random.nextInt(3));
    return new PodView(
        name,
        "uid-" + name,
        "i1",
        random.nextInt(3) == 0 ? "r0" : Pool.REVISION,
        NOW.minusSeconds(random.nextInt(50)),
        phase,
        busy,
        random.nextInt(8) == 0);
  }

  private Memory memory() {
    if (random.nextInt(4) == 0) {
      return Memory.none();
    }
    List<Wish> wishes = new ArrayList<>();
    List<ScaleEvent> events = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      int low = random.nextInt(12);
      wishes.add(new Wish(NOW.minusMillis(random.nextInt(150_000)), low, low + random.nextInt(3)));
      events.add(new ScaleEvent(NOW.minusSeconds(random.nextInt(90)), random.nextInt(9) - 4));
    }
    wishes.sort(Comparator.comparing(Wish::from));
    events.sort(Comparator.comparing(ScaleEvent::at));
    Optional<Breaker> breaker =
        random.nextInt(3) == 0
            ? Optional.of(new Breaker(1 + random.nextInt(6), NOW.minusSeconds(random.nextInt(300))))
            : Optional.empty();
    return new Memory(
        OptionalInt.of(random.nextInt(14)),
        wishes,
        events,
        breaker.map(b -> Map.of(Pool.REVISION, b)).orElse(Map.of()),
        rollout());
  }

  private Rollout rollout() {
    Optional<String> stable =
        random.nextInt(4) == 0 ? Optional.empty() : Optional.of(pick("r0", "r0", Pool.REVISION));
    Optional<Instant> some = Optional.of(NOW.minusSeconds(random.nextInt(900)));
    return new Rollout(
        pick("", "r0", Pool.REVISION, Pool.REVISION),
        stable,
        stable.flatMap(_ -> some),
        random.nextBoolean() ? some : Optional.empty(),
        random.nextBoolean() ? Optional.of(NOW.minusSeconds(random.nextInt(15))) : Optional.empty(),
        random.nextInt(4) == 0 ? Optional.of("it failed") : Optional.empty());
  }

  @SafeVarargs
  private <T> T pick(T... values) {
    return values[random.nextInt(values.length)];
  }
}
