package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.Update;
import io.tensorfleet.operator.policy.PodPhase.Finished;
import io.tensorfleet.operator.policy.PodPhase.Ready;
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
 * Who goes and how many come, so that a pool has the size decided. Failed Pods that may not be
 * replaced yet hold their place. While Pods of an old revision are there, as many more as the surge
 * allows may be.
 */
final class Staffing {
  private static final Comparator<PodView> YOUNGEST =
      Comparator.comparing(PodView::createdAt).reversed().thenComparing(PodView::name);

  private final Fleet fleet;
  private final String revision;
  private final int target;
  private final Update update;
  private final List<Retirement> retirements = new ArrayList<>();
  private final Set<String> gone = new HashSet<>();
  private int there;
  private int old;
  private int ready;

  private Staffing(PoolView view, Fleet fleet, int target) {
    this.fleet = fleet;
    this.revision = view.revision();
    this.target = target;
    this.update = view.spec().update();
    this.there = fleet.supply() + fleet.failed().size();
    this.old = fleet.old(revision);
    this.ready = fleet.ready().size();
  }

  /** Pods to create and to remove. */
  record Plan(int creates, List<Retirement> retirements) {}

  /**
   * What may be done besides creating what is missing: which failed Pods to replace, and whether to
   * shrink.
   */
  record Leave(List<PodView> replaceable, boolean shrink) {}

  /** Creates what is missing and removes nothing: nobody knows who is busy. */
  static Plan withoutRemoval(Fleet fleet, int target) {
    int there = fleet.supply() + fleet.failed().size();
    return new Plan(Math.max(0, target - there), List.of());
  }

  static Plan of(PoolView view, Fleet fleet, int target, Leave leave) {
    Staffing staffing = new Staffing(view, fleet, target);
    leave.replaceable().forEach(staffing::retireFailed);
    staffing.finishLeaving();
    if (leave.shrink()) {
      staffing.removeSurplus();
    }
    staffing.removeOld();
    return staffing.plan();
  }

  private void finishLeaving() {
    fleet.cordoned().stream().filter(PodView::idle).forEach(pod -> note(pod, Reason.LEAVING));
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
   * An old revision's Pods: those not started at once, idle ones as far as enough ready ones stay.
   */
  private void removeOld() {
    leavers(fleet.starting(), this::isOld).toList().forEach(pod -> retire(pod, Reason.NOT_STARTED));
    int spare = ready - (target - update.unavailableFor(target));
    leavers(fleet.ready(), this::isOld)
        .limit(Math.max(0, spare))
        .toList()
        .forEach(pod -> retireReady(pod, Reason.OLD_REVISION));
  }

  private Plan plan() {
    int missing = target + surge() - there;
    int ofNewest = there - old;
    return new Plan(Math.max(0, Math.min(missing, target - ofNewest)), retirements);
  }

  /** Pods above the target that an update may use now. */
  private int surge() {
    return Math.min(update.surgeFor(target), old);
  }

  private Stream<PodView> leavers(List<PodView> pods, Predicate<PodView> which) {
    return pods.stream()
        .filter(pod -> mayGo(pod) && which.test(pod) && !gone.contains(pod.name()))
        .sorted(YOUNGEST);
  }

  /** Never a busy one, and a ready one only when it is known to be idle. */
  private static boolean mayGo(PodView pod) {
    return pod.phase() instanceof Ready ? pod.idle() : !pod.busy();
  }

  private void retireFailed(PodView pod) {
    there--;
    note(pod, pod.phase() instanceof Finished ? Reason.FINISHED : Reason.CANNOT_START);
  }

  private void retireReady(PodView pod, Reason reason) {
    ready--;
    retire(pod, reason);
  }

  private void retire(PodView pod, Reason reason) {
    there--;
    old -= isOld(pod) ? 1 : 0;
    note(pod, reason);
  }

  private void note(PodView pod, Reason reason) {
    gone.add(pod.name());
    retirements.add(new Retirement(pod.name(), pod.uid(), pod.incarnation(), reason));
  }

  private boolean isOld(PodView pod) {
    return !pod.revision().equals(revision);
  }
}
