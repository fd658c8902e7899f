package io.tensorfleet.worker.core;

/** The steps by which a worker leaves; it never goes back. */
public enum DrainState {
  /** At work. */
  RUNNING,
  /** Asks for nothing more; what runs is finished and reported. */
  DRAINING,
  /** Time is up: what ran is stopped and handed back, verdicts are awaited briefly. */
  HANDING_BACK,
  /** Nothing is owed any more. */
  LEAVING;

  /**
   * What the next step depends on.
   *
   * @param running tasks that still run
   * @param unacknowledged results and returned leases without a verdict
   * @param drainTimeUp whether DRAIN_TIMEOUT has passed, or haste was asked for
   * @param handBackTimeUp whether the wait for the last verdicts has passed
   */
  public record Facts(
      int running, int unacknowledged, boolean drainTimeUp, boolean handBackTimeUp) {}

  public DrainState next(Facts facts) {
    boolean done = facts.running == 0 && facts.unacknowledged == 0;
    return switch (this) {
      case RUNNING -> RUNNING;
      case DRAINING -> done ? LEAVING : facts.drainTimeUp ? HANDING_BACK : DRAINING;
      case HANDING_BACK -> done || facts.handBackTimeUp ? LEAVING : HANDING_BACK;
      case LEAVING -> LEAVING;
    };
  }
}
