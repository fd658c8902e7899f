package io.tensorfleet.orchestrator.session;

import io.grpc.Status;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is connected to this orchestrator: workers' streams, and calls of the old wire that wait for
 * a task.
 */
public final class Registry {
  private final Map<Long, Session> sessions = new ConcurrentHashMap<>();
  private final Set<Recipient> waiting = ConcurrentHashMap.newKeySet();

  /** Puts the session in the place of an older stream of the same session, which ends. */
  void add(Session session) {
    Session older = sessions.put(session.sessionNo(), session);
    if (older != null) {
      older.end(Status.UNAVAILABLE.withDescription("a newer stream of this worker took over"));
    }
  }

  /** Takes the session away, unless a newer stream has its place. */
  void remove(Session session) {
    sessions.remove(session.sessionNo(), session);
  }

  public void add(Recipient recipient) {
    waiting.add(recipient);
  }

  public void remove(Recipient recipient) {
    waiting.remove(recipient);
  }

  public Optional<Session> session(long sessionNo) {
    return Optional.ofNullable(sessions.get(sessionNo));
  }

  public Collection<Session> sessions() {
    return List.copyOf(sessions.values());
  }

  public Set<Long> numbers() {
    return Set.copyOf(sessions.keySet());
  }

  public List<Recipient> recipients() {
    return java.util.stream.Stream.<Recipient>concat(sessions.values().stream(), waiting.stream())
        .toList();
  }
}
