package io.tensorfleet.orchestrator.dispatch;

import io.tensorfleet.orchestrator.core.Demand;
import io.tensorfleet.orchestrator.core.FairShare;
import io.tensorfleet.orchestrator.core.Offer;
import io.tensorfleet.orchestrator.core.Share;
import io.tensorfleet.orchestrator.session.Recipient;
import io.tensorfleet.orchestrator.session.Registry;
import io.tensorfleet.orchestrator.store.ClaimStore;
import io.tensorfleet.orchestrator.store.ClaimStore.Claimed;
import io.tensorfleet.orchestrator.store.ClaimStore.Target;
import io.tensorfleet.orchestrator.store.DatabaseException;
import io.tensorfleet.orchestrator.watch.ChangeHub;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims waiting tasks against the credit of this orchestrator's workers, one batch after another,
 * whenever woken.
 */
public final class Dispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final int AT_ONCE = 1_000;
  private static final long SAFETY_POLL_MILLIS = 1_000;

  private final Registry registry;
  private final ClaimStore claims;
  private final Semaphore wakeups = new Semaphore(0);
  private final Thread thread;
  private volatile Optional<ChangeHub> hub = Optional.empty();
  private volatile boolean stopped;

  public Dispatcher(Registry registry, ClaimStore claims) {
    this.registry = registry;
    this.claims = claims;
    this.thread = Thread.ofPlatform().name("dispatcher").daemon().unstarted(this::run);
  }

  public void start(ChangeHub changes) {
    hub = Optional.of(changes);
    thread.start();
  }

  /** There may be something to give out, or someone to give it to. */
  public void wake() {
    if (wakeups.availablePermits() == 0) {
      wakeups.release();
    }
  }

  private void run() {
    while (!stopped) {
      try {
        if (wakeups.tryAcquire(SAFETY_POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          wakeups.drainPermits();
        }
        while (!stopped && round()) {}
      } catch (InterruptedException e) {
        return;
      } catch (DatabaseException e) {
        LOG.warn("Nothing is given out until the database answers: {}", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("A round of giving out tasks failed; the next follows", e);
      }
    }
  }

  /** Whether anything was given out, so that there may be more. */
  private boolean round() {
    Map<Long, Recipient> recipients = new HashMap<>();
    List<Offer> offers = new ArrayList<>();
    Set<String> queues = new HashSet<>();
    for (Recipient recipient : registry.recipients()) {
      recipient
          .offer()
          .filter(o -> !recipients.containsKey(o.sessionNo()))
          .ifPresent(
              offer -> {
                recipients.put(offer.sessionNo(), recipient);
                offers.add(offer);
                queues.addAll(offer.queues());
              });
    }
    if (offers.isEmpty()) {
      return false;
    }
    List<Demand> demands = claims.demands(queues);
    List<Share> shares = FairShare.divide(offers, demands, AT_ONCE);
    return !shares.isEmpty() && give(shares, recipients);
  }

  private boolean give(List<Share> shares, Map<Long, Recipient> recipients) {
    Map<Long, Target> targets = new HashMap<>();
    for (Share share : shares) {
      Optional.ofNullable(recipients.get(share.sessionNo()))
          .ifPresent(r -> targets.put(share.sessionNo(), r.target()));
    }
    List<Claimed> claimed = claims.claim(shares, targets);
    Map<Long, List<Claimed>> bySession = new HashMap<>();
    Set<String> queues = new HashSet<>();
    for (Claimed one : claimed) {
      bySession.computeIfAbsent(one.sessionNo(), _ -> new ArrayList<>()).add(one);
      queues.add(one.job().queue());
    }
    bySession.forEach(
        (no, list) -> Optional.ofNullable(recipients.get(no)).ifPresent(r -> r.deliver(list)));
    hub.ifPresent(h -> h.changed(queues));
    return !claimed.isEmpty();
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    try {
      thread.join(java.time.Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
