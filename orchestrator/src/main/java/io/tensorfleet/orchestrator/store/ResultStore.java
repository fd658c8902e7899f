package io.tensorfleet.orchestrator.store;

import io.tensorfleet.orchestrator.core.TaskEvent;
import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.proto.v1.LeaseToken;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stores how attempts ended, many in one transaction; at most one end of an attempt is ever
 * accepted.
 */
public final class ResultStore {
  /** An end that a worker reports for a lease. */
  public record End(LeaseToken token, TaskEvent event, Change.Report report) {}

  /**
   * The very ends that were accepted (by identity: of two equal ones only one is), and what that
   * changed.
   */
  public record Outcome(Set<End> accepted, TransitionStore.Applied applied) {}

  private final Database database;
  private final Catalog catalog;
  private final TransitionStore transitions;

  public ResultStore(Database database, Catalog catalog, TransitionStore transitions) {
    this.database = database;
    this.catalog = catalog;
    this.transitions = transitions;
  }

  public Outcome store(List<End> ends) {
    return database.transact(
        c -> {
          Map<TaskKey, End> byKey = new HashMap<>();
          for (End end : ends) {
            Optional<TaskKey> key = catalog.key(c, end.token());
            key.ifPresent(k -> byKey.merge(k, end, ResultStore::first));
          }
          List<Change> changes = new ArrayList<>();
          byKey.forEach(
              (k, e) -> changes.add(new Change(k, e.token().getFence(), e.event(), e.report())));
          TransitionStore.Applied applied = transitions.apply(c, changes);
          Set<End> accepted = Collections.newSetFromMap(new IdentityHashMap<>());
          applied.keys().forEach(k -> Optional.ofNullable(byKey.get(k)).ifPresent(accepted::add));
          return new Outcome(accepted, applied);
        });
  }

  /** Hands back a task that never reached its worker. */
  public TransitionStore.Applied handBack(LeaseToken token) {
    TaskEvent event = new TaskEvent.HandedBack("the lease did not reach the worker");
    return store(List.of(new End(token, event, Change.Report.NONE))).applied();
  }

  private static End first(End a, End b) {
    return b.token().getFence() > a.token().getFence() ? b : a;
  }
}
