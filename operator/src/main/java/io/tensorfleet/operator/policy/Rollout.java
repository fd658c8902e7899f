package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.GoDuration;
import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.crds.Update;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far the newest revision has come. It is on trial until as many of its workers as are asked
 * for have been ready for {@link #STEADY}; then it is the stable one. Of a revision that brings no
 * ready worker within the progress deadline no more Pods are made.
 *
 * @param revision the newest, which the template asks for; empty for a pool never decided on
 * @param stable the last that proved to work
 * @param worked when it did
 * @param since since when Pods of the newest are there, while it is on trial
 * @param steadySince since when enough workers of it are ready, while it is on trial
 * @param failure why the newest counts as failed
 */
public record Rollout(
    String revision,
    Optional<String> stable,
    Optional<Instant> worked,
    Optional<Instant> since,
    Optional<Instant> steadySince,
    Optional<String> failure) {

  /** So long must the first workers of a revision stay ready before the others follow. */
  public static final Duration STEADY = Duration.ofSeconds(10);

  private static final int LONGEST_CAUSE = 400;

  /** Of a pool that nobody has decided on yet. */
  public static Rollout none() {
    return of("", Optional.empty(), Optional.empty());
  }

  /**
   * After a restart of the operator.
   *
   * @param newest the newest revision that the operator before knew; null for none
   */
  public static Rollout restored(@Nullable String newest, List<RevisionFacts> known) {
    String revision = newest == null ? "" : newest;
    Optional<RevisionFacts> stable =
        known.stream()
            .filter(facts -> facts.worked().isPresent())
            .max(Comparator.comparing(facts -> facts.worked().orElseThrow()));
    Rollout fresh =
        of(revision, stable.map(RevisionFacts::revision), stable.flatMap(RevisionFacts::worked));
    return known.stream()
        .filter(facts -> facts.revision().equals(revision) && !fresh.settled())
        .findFirst()
        .map(facts -> fresh.trial(facts.since(), Optional.empty(), facts.failure()))
        .orElse(fresh);
  }

  /** What is to be kept of the newest revision. */
  public RevisionFacts facts() {
    return new RevisionFacts(revision, since, settled() ? worked : Optional.empty(), failure);
  }

  /** The newest has proved to work, or is the one that did. */
  public boolean settled() {
    return stable.filter(revision::equals).isPresent();
  }

  public boolean failed() {
    return failure.isPresent() && stable.isPresent() && !settled();
  }

  /** The revision that workers shall have. */
  public String goal() {
    return failed() ? stable.orElseThrow() : revision;
  }

  /** What is known now of what was known before. */
  Rollout next(PoolView view, Fleet fleet, int target) {
    Rollout now = revision.equals(view.revision()) ? this : of(view.revision(), stable, worked);
    return now.settled() ? now : now.tried(view, fleet, target);
  }

  /** How many workers of the goal there may be now. */
  int limit(Update update, Fleet fleet, int target) {
    return isCanary(update, fleet) ? canary(update, target) : target;
  }

  /** Whether only the first workers get the newest revision now. */
  boolean isCanary(Update update, Fleet fleet) {
    return !failed() && isCanaryAsked(update, fleet);
  }

  private boolean isCanaryAsked(Update update, Fleet fleet) {
    return update.canaryPercent().isPresent()
        && !settled()
        && stable.isPresent()
        && fleet.others(revision) > 0;
  }

  /** How many these first workers are. */
  static int canary(Update update, int target) {
    return Math.ceilDiv(update.canaryPercent().orElse(100) * target, 100);
  }

  /** When time alone may change something. */
  Optional<Instant> mayChangeAt(Update update) {
    if (settled()) {
      return Optional.empty();
    }
    Optional<Instant> fails =
        failure.isPresent() || stable.isEmpty()
            ? Optional.empty()
            : since.map(at -> at.plus(update.deadline()));
    return Times.earlier(fails, steadySince.map(at -> at.plus(STEADY)));
  }

  private static Rollout of(String revision, Optional<String> stable, Optional<Instant> worked) {
    return new Rollout(
        revision, stable, worked, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private Rollout trial(
      Optional<Instant> began, Optional<Instant> steady, Optional<String> failed) {
    return new Rollout(revision, stable, worked, began, steady, failed);
  }

  private Rollout tried(PoolView view, Fleet fleet, int target) {
    long ready = fleet.ready().stream().filter(this::isOfNewest).count();
    boolean givenUp = failed() && view.spec().update().rollback();
    boolean enough = ready >= needed(view, fleet, target) && !givenUp;
    Optional<Instant> steady = kept(steadySince, enough, view);
    if (hasPassed(steady, STEADY, view)) {
      return of(revision, Optional.of(revision), Optional.of(view.now()));
    }
    Optional<Instant> began = kept(since, tries(view, target), view);
    boolean fails =
        ready == 0 && stable.isPresent() && hasPassed(began, view.spec().update().deadline(), view);
    Optional<String> why = failure.isEmpty() && fails ? Optional.of(sentence(view)) : failure;
    return trial(began, steady, why);
  }

  /** Pods of the newest are there, or were and are wanted again. */
  private boolean tries(PoolView view, int target) {
    ScalingMode mode = view.spec().scaling().mode();
    boolean still = mode == ScalingMode.Paused || mode == ScalingMode.DryRun;
    boolean there = view.pods().stream().anyMatch(this::isTried);
    return !still && (there || (since.isPresent() && target > 0));
  }

  private static boolean hasPassed(Optional<Instant> from, Duration time, PoolView view) {
    return from.filter(at -> !at.plus(time).isAfter(view.now())).isPresent();
  }

  private static Optional<Instant> kept(Optional<Instant> before, boolean holds, PoolView view) {
    return holds ? before.or(() -> Optional.of(view.now())) : Optional.empty();
  }

  /** How many ready workers prove that the newest works. */
  private int needed(PoolView view, Fleet fleet, int target) {
    Update update = view.spec().update();
    return isCanaryAsked(update, fleet) ? Math.max(1, canary(update, target)) : 1;
  }

  private boolean isOfNewest(PodView pod) {
    return pod.revision().equals(revision);
  }

  private boolean isTried(PodView pod) {
    return isOfNewest(pod) && !(pod.phase() instanceof PodPhase.Terminating);
  }

  private String sentence(PoolView view) {
    String cause =
        view.pods().stream()
            .filter(this::isTried)
            .map(PodView::phase)
            .flatMap(phase -> Stream.ofNullable(cause(phase)))
            .findFirst()
            .orElse("its Pods start and do not become ready");
    return "revision %s brought no ready worker within %s: %s"
        .formatted(revision, GoDuration.format(view.spec().update().deadline()), shortened(cause));
  }

  private static String shortened(String cause) {
    return cause.length() <= LONGEST_CAUSE ? cause : cause.substring(0, LONGEST_CAUSE) + "…";
  }

  private static @Nullable String cause(PodPhase phase) {
    return switch (phase) {
      case PodPhase.Blocked blocked -> blocked.message();
      case PodPhase.Finished finished -> "its Pods end (" + finished.reason() + ")";
      default -> null;
    };
  }
}
