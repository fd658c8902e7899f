package io.tensorfleet.worker.core;

import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which tasks a worker has from an earlier orchestrator, and which completions it owes.
 *
 * <p>A task is here from the answer that brought it until it is lost, or its completion is
 * acknowledged, or is refused {@value #MAX_REFUSALS} times. Times are nanoseconds of one monotonic
 * clock. Not thread-safe.
 */
public final class PollBook {
  /** So often a completion is offered to an orchestrator that says that it will not have it. */
  public static final int MAX_REFUSALS = 5;

  private final Map<Name, Entry> entries = new LinkedHashMap<>();
  private final Set<Name> owed = new LinkedHashSet<>();
  private long numbers;

  private record Name(String jobId, String taskId) {}

  /**
   * A task in hand.
   *
   * @param number differs each time that the same task is handed out
   */
  public record Held(String jobId, String taskId, long number) {
    private Name name() {
      return new Name(jobId, taskId);
    }
  }

  /** A completion on its way, by its try, from 1. */
  public record Report(Held held, TaskCompletionRequest request, int tries, int refusals) {}

  private sealed interface Entry {
    Held held();
  }

  private record Running(Held held) implements Entry {}

  private record Owed(Report report, boolean open, long dueAt) implements Entry {
    @Override
    public Held held() {
      return report.held();
    }
  }

  /**
   * Notes a task that was handed out. Empty where it is in hand already: it runs, or its success is
   * still to be acknowledged. A failure that is owed is forgotten: the task is tried again.
   */
  public Optional<Held> take(String jobId, String taskId) {
    Name name = new Name(jobId, taskId);
    Entry entry = entries.get(name);
    if (entry instanceof Running
        || (entry instanceof Owed(Report report, boolean _, long _)
            && report.request().getSuccess())) {
      return Optional.empty();
    }
    Held held = new Held(jobId, taskId, ++numbers);
    put(new Running(held));
    return Optional.of(held);
  }

  /** The task has ended and its completion is owed; false where it is not in hand any more. */
  public boolean ended(Held held, TaskCompletionRequest completion, long now) {
    if (!runs(held)) {
      return false;
    }
    put(new Owed(new Report(held, completion, 0, 0), false, now));
    return true;
  }

  /** True where the task was in hand: nothing is owed for it any more. */
  public boolean lost(Held held) {
    boolean ran = runs(held);
    if (ran) {
      remove(held.name());
    }
    return ran;
  }

  public boolean runs(Held held) {
    return entries.get(held.name()) instanceof Running(Held own) && own.equals(held);
  }

  /** Tasks that have not ended. */
  public List<Held> running() {
    return entries.values().stream().filter(Running.class::isInstance).map(Entry::held).toList();
  }

  /** Jobs with tasks that have not ended. */
  public Set<String> jobs() {
    Set<String> jobs = new LinkedHashSet<>();
    running().forEach(held -> jobs.add(held.jobId()));
    return jobs;
  }

  /**
   * The completions to send now, noted as on their way.
   *
   * @param most how many may be on their way at once
   */
  public List<Report> takeDue(long now, int most) {
    List<Report> due = new ArrayList<>();
    int open = 0;
    for (Name name : owed) {
      if (entries.get(name) instanceof Owed(Report report, boolean onItsWay, long dueAt)) {
        if (onItsWay) {
          open++;
        } else if (now - dueAt >= 0) {
          due.add(
              new Report(report.held(), report.request(), report.tries() + 1, report.refusals()));
        }
      }
    }
    List<Report> taken = due.subList(0, Math.min(due.size(), Math.max(0, most - open)));
    taken.forEach(report -> put(new Owed(report, true, now)));
    return List.copyOf(taken);
  }

  /** The orchestrator has it. */
  public void acknowledged(Report report) {
    if (owes(report)) {
      remove(report.held().name());
    }
  }

  /** The orchestrator was not reached, or could not take it now: another try follows. */
  public void failed(Report report, long now, double u) {
    if (owes(report)) {
      long dueAt = now + Backoff.delay(report.tries(), u).toNanos();
      put(new Owed(report, false, dueAt));
    }
  }

  /** The orchestrator will not have it; true where it is given up now. */
  public boolean refused(Report report, long now, double u) {
    if (!owes(report)) {
      return false;
    }
    int refusals = report.refusals() + 1;
    if (refusals >= MAX_REFUSALS) {
      remove(report.held().name());
      return true;
    }
    failed(new Report(report.held(), report.request(), report.tries(), refusals), now, u);
    return false;
  }

  /** An orchestrator is there again: what is owed need not wait any longer. */
  public void reached(long now) {
    for (Name name : owed) {
      if (entries.get(name) instanceof Owed(Report report, boolean open, long _) && !open) {
        entries.put(name, new Owed(report, false, now));
      }
    }
  }

  public int unacknowledged() {
    return owed.size();
  }

  public int size() {
    return entries.size();
  }

  private boolean owes(Report report) {
    return entries.get(report.held().name()) instanceof Owed(Report own, boolean _, long _)
        && own.held().equals(report.held());
  }

  private void put(Entry entry) {
    entries.put(entry.held().name(), entry);
    if (entry instanceof Running) {
      owed.remove(entry.held().name());
    } else {
      owed.add(entry.held().name());
    }
  }

  private void remove(Name name) {
    entries.remove(name);
    owed.remove(name);
  }
}
