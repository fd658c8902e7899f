package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.Update;
import io.tensorfleet.operator.policy.PodPhase.Finished;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

  private final String revision;
  private final int target;
  private final Update update;
  private final List<PodView> ready;
  private final List<PodView> starting;
  private final List<PodView> failed;
  private final List<PodView> cordoned;
  private final List<Retirement> retirements = new ArrayList<>();

  private Staffing(PoolView view, Fleet fleet, int target) {
    this.revision = view.revision();
    this.target = target;
    this.update = view.spec().update();
    this.ready = new ArrayList<>(fleet.ready());
    this.starting = new ArrayList<>(fleet.starting());
    this.failed = new ArrayList<>(fleet.failed());
    this.cordoned = fleet.cordoned();
  }

  /** Pods to create and to remove. */
  record Plan(int creates, List<Retirement> retirements) {}

  /** What may be done besides creating what is missing. */
  record Leave(List<PodView> replaceable, boolean shrink) {}

  /** Creates what is missing and removes nothing: nobody knows who is busy. */
  static Plan withoutRemoval(Fleet fleet, int target) {
    int there = fleet.supply() + fleet.failed().size();
    return new Plan(Math.max(0, target - there), List.of());
  }

  static Plan of(PoolView view, Fleet fleet, int target, Leave leave) {
    Staffing staffing = new Staffing(view, fleet, target);
    staffing.replaceFailed(leave.replaceable());
    staffing.finishLeaving();
    if (leave.shrink()) {
      staffing.removeSurplus();
    }
    staffing.removeOld();
    return staffing.plan();
  }

  private void replaceFailed(List<PodView> replaceable) {
    replaceable.forEach(pod -> retire(pod, dead(pod)));
  }

  private void finishLeaving() {
    cordoned.stream().filter(PodView::idle).forEach(pod -> retire(pod, Reason.LEAVING));
  }

  private void removeSurplus() {
    int surplus = there() - target - Math.min(update.surgeFor(target), old());
    List<PodView> leavers =
        Stream.of(
                of(failed, pod -> !pod.busy()),
                of(starting, pod -> !pod.busy() && isOld(pod)),
                of(starting, pod -> !pod.busy() && !isOld(pod)),
                of(ready, pod -> pod.idle() && isOld(pod)),
                of(ready, pod -> pod.idle() && !isOld(pod)))
            .flatMap(group -> group)
            .limit(Math.max(0, surplus))
            .toList();
    leavers.forEach(pod -> retire(pod, reason(pod)));
  }

  /**
   * An old revision's Pods: those not started at once, idle ones as far as enough ready ones stay.
   */
  private void removeOld() {
    of(starting, pod -> isOld(pod) && !pod.busy())
        .toList()
        .forEach(pod -> retire(pod, Reason.NOT_STARTED));
    int spare = ready.size() - (target - update.unavailableFor(target));
    of(ready, pod -> isOld(pod) && pod.idle())
        .limit(Math.max(0, spare))
        .toList()
        .forEach(pod -> retire(pod, Reason.OLD_REVISION));
  }

  private Plan plan() {
    int newOnes = there() - old();
    int missing = target + Math.min(update.surgeFor(target), old()) - there();
    return new Plan(Math.max(0, Math.min(missing, target - newOnes)), retirements);
  }

  private void retire(PodView pod, Reason reason) {
    ready.remove(pod);
    starting.remove(pod);
    failed.remove(pod);
    retirements.add(new Retirement(pod.name(), pod.uid(), pod.incarnation(), reason));
  }

  private Reason reason(PodView pod) {
    if (failed.contains(pod)) {
      return dead(pod);
    }
    if (starting.contains(pod)) {
      return Reason.NOT_STARTED;
    }
    return isOld(pod) ? Reason.OLD_REVISION : Reason.IDLE;
  }

  private static Reason dead(PodView pod) {
    return pod.phase() instanceof Finished ? Reason.FINISHED : Reason.CANNOT_START;
  }

  private int there() {
    return ready.size() + starting.size() + failed.size();
  }

  private int old() {
    return (int) Stream.concat(ready.stream(), starting.stream()).filter(this::isOld).count();
  }

  private boolean isOld(PodView pod) {
    return !pod.revision().equals(revision);
  }

  private static Stream<PodView> of(List<PodView> pods, Predicate<PodView> which) {
    return pods.stream().filter(which).sorted(YOUNGEST);
  }
}
