package io.tensorfleet.operator.pool;

import io.tensorfleet.operator.queue.Cordons;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers a cordon as a test has set it; a worker nobody speaks of is unknown. */
final class FakeCordons implements Cordons {
  private final Map<String, Answer> answers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> lifted = new ArrayList<>();
  private Lifted lift = Lifted.DONE;

  synchronized void answers(String worker, Answer answer) {
    answers.put(worker, answer);
  }

  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public synchronized Answer cordonIfIdle(
      String address, String worker, String incarnation, String reason) {
    asked.add(worker + "/" + incarnation + "@" + address);
    return answers.getOrDefault(worker, new Answer.Unknown());
  }

  synchronized void lifts(Lifted answer) {
    lift = answer;
  }

  /** Cordons that somebody wanted lifted. */
  synchronized List<String> lifted() {
    return List.copyOf(lifted);
  }

  @Override
  public synchronized Answer cordon(
      String address, String worker, String incarnation, String reason) {
    asked.add("also busy " + worker + "/" + incarnation + "@" + address);
    return answers.getOrDefault(worker, new Answer.Unknown());
  }

  @Override
  public synchronized Lifted uncordon(String address, String worker, String incarnation) {
    lifted.add(worker + "/" + incarnation + "@" + address);
    return lift;
  }
}
