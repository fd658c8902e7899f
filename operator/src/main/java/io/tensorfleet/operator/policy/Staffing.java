package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.Update;
import io.tensorfleet.operator.policy.PodPhase.Terminating;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who goes and how many come, so that a pool has the size decided and its workers the revision that
 * the rollout leads to. Failed Pods that may not be replaced yet hold their place. While Pods of
 * another revision are there, as many more as the surge allows may be, those that leave counted.
 */
final class Staffing {
  private static final Comparator<PodView> YOUNGEST =
      Comparator.comparing(PodView::createdAt).reversed().thenComparing(PodView::name);

  private final Fleet fleet;
  private final Rollout rollout;
  private final int target;
  private final Update update;
  private final List<Retirement> retirements = new ArrayList<>();
  private final Set<String> gone = new HashSet<>();
  private int there;
  private int old;
  private int ready;
  private int leaving;
  private int oldLeaving;

  private Staffing(PoolView view, Fleet fleet, int target, Rollout rollout) {
    this.fleet = fleet;
    this.rollout = rollout;
    this.target = target;
    this.update = view.spec().update();
    this.there = fleet.supply() + fleet.failed().size();
    this.old =
        fleet.old(rollout.goal()) + (int) fleet.failed().stream().filter(this::isKept).count();
    this.ready = fleet.ready().size();
    List<PodView> leavers =
        Stream.concat(view.pods().stream().filter(p -> leaves(p, view)), fleet.cordoned().stream())
            .toList();
    this.leaving = leavers.size();
    this.oldLeaving = (int) leavers.stream().filter(this::isOld).count();
  }

  /**
   * Pods to create and to remove.
   *
   * @param ofStable how many of those to create are of the revision that worked last
   */
  record Plan(int creates, int ofStable, List<Retirement> retirements) {
    static Plan nothing() {
      return new Plan(0, 0, List.of());
    }
  }

  /**
   * What may be done besides creating what is missing: which failed Pods to replace, and whether to
   * shrink.
   */
  record Leave(List<PodView> replaceable, boolean shrink) {}

  /** Creates what is missing and removes nothing: nobody knows who is busy. */
  static Plan withoutRemoval(PoolView view, Fleet fleet, int target, Rollout rollout) {
    return new Staffing(view, fleet, target, rollout).plan(false);
  }

  static Plan of(Situation situation, int target, Leave leave, Rollout rollout) {
    Staffing staffing = new Staffing(situation.view(), situation.fleet(), target, rollout);
    leave.replaceable().stream()
        .filter(pod -> !staffing.isKept(pod))
        .forEach(staffing::retireFailed);
    staffing.finishLeaving();
    staffing.removeBad();
    if (leave.shrink()) {
      staffing.removeSurplus();
    }
    staffing.removeOld();
    return staffing.plan(true);
  }

  private void finishLeaving() {
    fleet.cordoned().stream().filter(PodView::idle).forEach(pod -> note(pod, Reason.LEAVING));
  }

  /**
   * Of a revision that was stopped no more Pods stay to be looked at than the surge has room for.
   */
  private void removeBad() {
    Stream.concat(
            leavers(fleet.starting(), this::isKept).sorted(YOUNGEST.reversed()),
            leavers(fleet.failed(), this::isKept).sorted(YOUNGEST.reversed()))
        .skip(target == 0 ? 0 : update.surgeFor(target))
        .toList()
        .forEach(this::retireUnready);
  }

  private void removeSurplus() {
    remove(fleet.failed(), pod -> true, this::retireFailed);
    remove(fleet.starting(), this::isOld, pod -> retire(pod, Reason.NOT_STARTED));
    remove(fleet.starting(), pod -> true, pod -> retire(pod, Reason.NOT_STARTED));
    remove(fleet.ready(), this::isOld, pod -> retireReady(pod, Reason.OLD_REVISION));
    remove(fleet.ready(), pod -> true, pod -> retireReady(pod, Reason.IDLE));
  }

  private void remove(List<PodView> pods, Predicate<PodView> which, Consumer<PodView> retire) {
    for (PodView pod : leavers(pods, which).toList()) {
      if (there - target - surge() <= 0) {
        return;
      }
      retire.accept(pod);
    }
  }

  /**
   * Another revision's Pods, as far as none of it is needed: those not started at once, idle ones
   * as far as enough ready ones stay.
   */
  private void removeOld() {
    leavers(fleet.starting(), this::isReplaced)
        .limit(replaceable())
        .toList()
        .forEach(pod -> retire(pod, Reason.NOT_STARTED));
    int spare = ready - (target - unavailable());
    leavers(fleet.ready(), this::isReplaced)
        .sorted(Comparator.comparing(this::isStable))
        .limit(Math.clamp(spare, 0, replaceable()))
        .toList()
        .forEach(pod -> retireReady(pod, Reason.OLD_REVISION));
    drainOld();
  }

  /** While work waits a busy worker never becomes idle by itself: it is given no more. */
  private void drainOld() {
    int spare = ready - (target - unavailable());
    fleet.ready().stream()
        .filter(pod -> pod.busy() && isReplaced(pod))
        .sorted(
            Comparator.comparing(this::isStable)
                .thenComparingInt(pod -> pod.busySlots().orElse(0))
                .thenComparing(YOUNGEST))
        .limit(Math.clamp(spare, 0, replaceable()))
        .toList()
        .forEach(pod -> retireReady(pod, Reason.DRAINING));
  }

  /** How many Pods of another revision need not stay. */
  private int replaceable() {
    return Math.max(0, old - (target - rollout.limit(update, fleet, target)));
  }

  private Plan plan(boolean surges) {
    boolean rolls = old > 0 || oldLeaving > 0;
    int surge = surges && rolls ? update.surgeFor(target) : 0;
    int room = Math.max(0, target + surge - there - (rolls ? leaving : 0));
    int limit = othersStay() ? rollout.limit(update, fleet, target) : target;
    int ofGoal = Math.clamp(limit - (there - old), 0, room);
    int others = limit < target ? Math.clamp(target - there - ofGoal, 0, room - ofGoal) : 0;
    return new Plan(ofGoal + others, rollout.failed() ? ofGoal : others, retirements);
  }

  private boolean othersStay() {
    return Stream.of(fleet.ready(), fleet.starting(), fleet.failed(), fleet.cordoned())
        .flatMap(List::stream)
        .anyMatch(pod -> !pod.revision().equals(rollout.revision()) && !gone.contains(pod.name()));
  }

  /** Pods above the target that need not leave, because an update uses them. */
  private int surge() {
    return target == 0 ? 0 : Math.min(update.surgeFor(target), old);
  }

  /** Percentages may both round to 0, and then nobody could ever be replaced. */
  private int unavailable() {
    int missing = update.unavailableFor(target);
    return missing == 0 && update.surgeFor(target) == 0 ? 1 : missing;
  }

  private Stream<PodView> leavers(List<PodView> pods, Predicate<PodView> which) {
    return pods.stream()
        .filter(pod -> pod.mayGo() && which.test(pod) && !gone.contains(pod.name()))
        .sorted(YOUNGEST);
  }

  private void retireUnready(PodView pod) {
    if (fleet.failed().contains(pod)) {
      retireFailed(pod);
    } else {
      retire(pod, Reason.NOT_STARTED);
    }
  }

  private void retireFailed(PodView pod) {
    left(pod, isKept(pod));
    note(pod, Reason.ofFailed(pod.phase()));
  }

  private void retireReady(PodView pod, Reason reason) {
    ready--;
    retire(pod, reason);
  }

  private void retire(PodView pod, Reason reason) {
    left(pod, isOld(pod));
    note(pod, reason);
  }

  private void left(PodView pod, boolean countedOld) {
    there--;
    leaving++;
    old -= countedOld ? 1 : 0;
    oldLeaving += isOld(pod) ? 1 : 0;
  }

  private void note(PodView pod, Reason reason) {
    gone.add(pod.name());
    retirements.add(Retirement.of(pod, reason));
  }

  private static boolean leaves(PodView pod, PoolView view) {
    return pod.phase() instanceof Terminating leaver && !leaver.stuck(view.now());
  }

  private boolean isOld(PodView pod) {
    return !pod.revision().equals(rollout.goal());
  }

  private boolean isReplaced(PodView pod) {
    return isOld(pod) && !isKept(pod);
  }

  /** What never proved to work goes before what did. */
  private boolean isStable(PodView pod) {
    return rollout.stable().filter(pod.revision()::equals).isPresent();
  }

  /** Of the revision that was stopped, and not to be rolled back. */
  private boolean isKept(PodView pod) {
    return rollout.failed() && !update.rollback() && pod.revision().equals(rollout.revision());
  }
}
