package io.tensorfleet.worker.core;

import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.ReturnedLease;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which leases a worker holds, and what it still owes for them.
 *
 * <p>A lease is here from its arrival until it is lost, or until the verdict on its result or its
 * return has come. At most one lease a task: a newer fence takes the older one's place. Times are
 * nanoseconds of one monotonic clock. Not thread-safe.
 */
public final class LeaseBook {

  /** Where a lease stands. */
  sealed interface Entry {
    LeaseToken token();
  }

  record Running(LeaseToken token, long length, long endsAt) implements Entry {}

  record Ended(LeaseToken token, Result result, boolean sent, long sentAt) implements Entry {}

  record HandedBack(LeaseToken token, ReturnedLease lease, boolean sent, long sentAt)
      implements Entry {}

  /** What has to be sent now. */
  public record Due(List<Result> results, List<ReturnedLease> returns) {
    public boolean isEmpty() {
      return results.isEmpty() && returns.isEmpty();
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Set<String> owed = new LinkedHashSet<>();

  /** Notes a lease that begins to run. */
  public void started(Lease lease, long now) {
    long length = nanos(lease.getLength());
    put(new Running(lease.getToken(), length, now + length));
  }

  /** Of a nonsense length a hundred years, which is no overflow. */
  private static long nanos(com.google.protobuf.Duration length) {
    long seconds = Math.clamp(length.getSeconds(), 0, 100L * 365 * 86_400);
    return seconds * 1_000_000_000L + Math.clamp(length.getNanos(), 0, 999_999_999);
  }

  /** Whether a lease of the same task with the same or a newer fence is here already. */
  public boolean supersedes(LeaseToken token) {
    Entry entry = entries.get(token.getTaskId());
    return entry != null && entry.token().getFence() >= token.getFence();
  }

  public void renewed(Collection<LeaseToken> tokens, long now) {
    for (LeaseToken token : tokens) {
      if (entry(token) instanceof Running running) {
        put(new Running(token, running.length(), now + running.length()));
      }
    }
  }

  /** True where this lease was running: it must be stopped, and nothing is owed for it any more. */
  public boolean lost(LeaseToken token) {
    if (!(entry(token) instanceof Running)) {
      return false;
    }
    remove(token);
    return true;
  }

  /**
   * A new session: kept leases count anew, everything owed must be sent again.
   *
   * @return the running leases that were not kept; they are no longer here
   */
  public List<LeaseToken> welcomed(Collection<LeaseToken> kept, long now) {
    Set<LeaseToken> own = new HashSet<>(kept);
    List<LeaseToken> dropped = running().stream().filter(token -> !own.contains(token)).toList();
    dropped.forEach(this::remove);
    renewed(own, now);
    entries.replaceAll((_, entry) -> unsent(entry));
    return dropped;
  }

  private static Entry unsent(Entry entry) {
    return switch (entry) {
      case Running running -> running;
      case Ended ended -> new Ended(ended.token(), ended.result(), false, 0);
      case HandedBack back -> new HandedBack(back.token(), back.lease(), false, 0);
    };
  }

  /** Running leases whose end has passed without renewal; they are no longer here. */
  public List<LeaseToken> expired(long now) {
    List<LeaseToken> over = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry instanceof Running running && now - running.endsAt() >= 0) {
        over.add(running.token());
      }
    }
    over.forEach(this::remove);
    return over;
  }

  /** False where the lease is not held any more: the result must not be sent. */
  public boolean ended(Result result) {
    if (!(entry(result.getToken()) instanceof Running)) {
      return false;
    }
    put(new Ended(result.getToken(), result, false, 0));
    return true;
  }

  /** Notes a lease to be handed back; false where it is not held any more. */
  public boolean handedBack(ReturnedLease lease) {
    if (!(entry(lease.getToken()) instanceof Running)) {
      return false;
    }
    put(new HandedBack(lease.getToken(), lease, false, 0));
    return true;
  }

  /**
   * What was never sent in this session, or was sent {@code patience} ago without a verdict; noted
   * as sent now.
   */
  public Due takeDue(long now, long patience) {
    List<Result> results = new ArrayList<>();
    List<ReturnedLease> returns = new ArrayList<>();
    for (String task : owed) {
      switch (entries.get(task)) {
        case Ended(LeaseToken token, Result result, boolean sent, long sentAt)
            when !sent || now - sentAt >= patience -> {
          results.add(result);
          entries.put(task, new Ended(token, result, true, now));
        }
        case HandedBack(LeaseToken token, ReturnedLease lease, boolean sent, long sentAt)
            when !sent || now - sentAt >= patience -> {
          returns.add(lease);
          entries.put(task, new HandedBack(token, lease, true, now));
        }
        case null, default -> {}
      }
    }
    return new Due(results, returns);
  }

  /**
   * The verdict on a result or a return has come: nothing is owed any more. True where something
   * was.
   */
  public boolean settled(LeaseToken token) {
    Entry entry = entry(token);
    if (entry == null || entry instanceof Running) {
      return false;
    }
    remove(token);
    return true;
  }

  /** Every lease here, running or owed for. */
  public List<LeaseToken> held() {
    return entries.values().stream().map(Entry::token).toList();
  }

  public List<LeaseToken> running() {
    return entries.values().stream().filter(Running.class::isInstance).map(Entry::token).toList();
  }

  public int unacknowledged() {
    return owed.size();
  }

  public int size() {
    return entries.size();
  }

  private @Nullable Entry entry(LeaseToken token) {
    Entry entry = entries.get(token.getTaskId());
    return entry != null && entry.token().equals(token) ? entry : null;
  }

  private void put(Entry entry) {
    String task = entry.token().getTaskId();
    entries.put(task, entry);
    if (entry instanceof Running) {
      owed.remove(task);
    } else {
      owed.add(task);
    }
  }

  private void remove(LeaseToken token) {
    entries.remove(token.getTaskId());
    owed.remove(token.getTaskId());
  }
}
