package io.tensorfleet.orchestrator.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Divides credit among waiting work: higher priority first; among jobs of one priority always to
 * the job with the fewest tasks running, the older one where they are equal. So a job of 100,000
 * tasks leaves room for one of 10.
 */
public final class FairShare {
  private final Map<Long, Integer> credit = new HashMap<>();
  private final Map<Long, Integer> runningByJob = new HashMap<>();
  private final Map<Share, Integer> given = new LinkedHashMap<>();
  private final int most;
  private int total;

  private FairShare(List<Offer> offers, List<Demand> demands, int most) {
    this.most = most;
    offers.forEach(o -> credit.merge(o.sessionNo(), o.credit(), Integer::sum));
    demands.forEach(d -> runningByJob.merge(d.jobNo(), d.running(), Integer::sum));
  }

  /** At most {@code most} tasks in all; every session gets at most its credit. */
  public static List<Share> divide(List<Offer> offers, List<Demand> demands, int most) {
    FairShare plan = new FairShare(offers, demands, most);
    Map<Integer, List<Want>> levels = new HashMap<>();
    for (Demand demand : demands) {
      if (demand.waiting() > 0) {
        levels
            .computeIfAbsent(demand.priority(), _ -> new ArrayList<>())
            .add(new Want(demand, takers(offers, demand)));
      }
    }
    levels.keySet().stream()
        .sorted(Comparator.reverseOrder())
        .forEach(p -> plan.level(levels.getOrDefault(p, List.of())));
    return plan.given.entrySet().stream()
        .map(
            e ->
                new Share(
                    e.getKey().sessionNo(), e.getKey().jobNo(), e.getKey().classId(), e.getValue()))
        .toList();
  }

  /**
   * Plain workers first, so that those with GPUs stay free for who needs them; then those with most
   * room.
   */
  private static List<Offer> takers(List<Offer> offers, Demand demand) {
    return offers.stream()
        .filter(o -> o.credit() > 0 && Matching.serves(o, demand))
        .sorted(
            Comparator.<Offer>comparingInt(o -> o.capabilities().getGpuCount())
                .thenComparingInt(o -> -o.credit())
                .thenComparingLong(Offer::sessionNo))
        .toList();
  }

  private void level(List<Want> wants) {
    PriorityQueue<Want> turn =
        new PriorityQueue<>(
            Comparator.<Want>comparingInt(w -> w.jobRunning)
                .thenComparingLong(w -> w.demand.jobNo())
                .thenComparingInt(w -> w.demand.classId()));
    for (Want want : wants) {
      want.jobRunning = runningByJob.getOrDefault(want.demand.jobNo(), 0);
      turn.add(want);
    }
    while (total < most) {
      Want want = turn.poll();
      if (want == null) {
        return;
      }
      serve(want, turn);
    }
  }

  private void serve(Want want, PriorityQueue<Want> turn) {
    int running = runningByJob.getOrDefault(want.demand.jobNo(), 0);
    if (running != want.jobRunning) {
      want.jobRunning = running;
      turn.add(want);
    } else if (want.takeOne(this)) {
      want.jobRunning = runningByJob.merge(want.demand.jobNo(), 1, Integer::sum);
      total++;
      turn.add(want);
    }
  }

  /**
   * One demand while it is being served; leaves the turn when it is satisfied or nobody has room
   * for it.
   */
  private static final class Want {
    private final Demand demand;
    private final List<Offer> takers;
    private int jobRunning;
    private int taken;
    private int at;

    Want(Demand demand, List<Offer> takers) {
      this.demand = demand;
      this.takers = takers;
    }

    boolean takeOne(FairShare plan) {
      if (taken >= demand.waiting()) {
        return false;
      }
      for (int looked = 0; looked < takers.size(); looked++) {
        long session = takers.get(at).sessionNo();
        at = (at + 1) % takers.size();
        int left = plan.credit.getOrDefault(session, 0);
        if (left > 0) {
          plan.credit.put(session, left - 1);
          plan.given.merge(
              new Share(session, demand.jobNo(), demand.classId(), 0), 1, Integer::sum);
          taken++;
          return true;
        }
      }
      return false;
    }
  }
}
