package io.tensorfleet.orchestrator.watch;

import io.tensorfleet.orchestrator.store.Database;
import io.tensorfleet.orchestrator.store.DatabaseException;
import io.tensorfleet.orchestrator.store.Signal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spreads the word that a queue changed: at once inside this orchestrator, joined to ten times a
 * second to the others.
 */
public final class ChangeHub {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeHub.class);
  private static final Duration JOINED = Duration.ofMillis(100);

  private final Database database;
  private final ScheduledExecutorService executor;
  private final LongFunction<String> queueOfJob;
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, Boolean> toTell = new ConcurrentHashMap<>();

  public ChangeHub(
      Database database, ScheduledExecutorService executor, LongFunction<String> queueOfJob) {
    this.database = database;
    this.executor = executor;
    this.queueOfJob = queueOfJob;
  }

  public void listen(Consumer<String> queueChanged) {
    listeners.add(queueChanged);
  }

  /** Changed by this orchestrator. */
  public void changed(Collection<String> queues) {
    for (String queue : Set.copyOf(queues)) {
      heard(queue);
      if (toTell.putIfAbsent(queue, true) == null) {
        tellLater(queue);
      }
    }
  }

  public void jobsChanged(Collection<Long> jobs) {
    changed(jobs.stream().map(queueOfJob::apply).toList());
  }

  /** Heard from another orchestrator. */
  public void heard(String queue) {
    listeners.forEach(listener -> listener.accept(queue));
  }

  private void tellLater(String queue) {
    try {
      var _ = executor.schedule(() -> tell(queue), JOINED.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      toTell.remove(queue);
    }
  }

  private void tell(String queue) {
    toTell.remove(queue);
    try {
      database.transact(
          c -> {
            new Signal.QueueChanged(queue).send(c);
            return true;
          });
    } catch (DatabaseException e) {
      LOG.debug("Other orchestrators were not told of queue {}: {}", queue, e.getMessage());
    }
  }
}
