package io.tensorfleet.operator.lead;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wins a Lease, renews it and gives it back, on a thread of its own. A holder that cannot renew it
 * goes on trying, while its mandate ends by itself; every write of the Lease names the version that
 * was read, so that a renewal succeeds only where nobody else has held it in between. When the
 * keeper itself breaks down, its leadership is over as if it were lost.
 */
public final class LeaseKeeper implements AutoCloseable {
  public static final String LEASE = "tensorfleet-operator";

  private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final LeaseDoor door;
  private final LeaseForm form;
  private final LeaseTiming timing;
  private final Mandate mandate;
  private final Listener listener;
  private final Standing standing;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().name("lease").daemon().unstarted(this::run);
  private @Nullable Lease own;
  private boolean failing;

  /** Hears on the keeper's thread, and must only hand over. */
  public interface Listener {
    /** From now on it may act, for the first time or again. */
    void begins();

    /** The Lease is lost, or cannot be kept here: never act again. */
    void lost(String sentence);
  }

  public LeaseKeeper(LeaseDoor door, LeaseForm form, Mandate mandate, Listener listener) {
    this.door = door;
    this.form = form;
    this.timing = form.timing();
    this.mandate = mandate;
    this.listener = listener;
    this.standing = new Standing(form.holder());
  }

  public void start() {
    thread.start();
  }

  /** Gives the Lease back where it is held; nothing may be written by this operator any more. */
  @Override
  public void close() {
    mandate.close();
    closed.countDown();
    try {
      if (thread.isAlive()) {
        thread.join(FAREWELL);
      }
      if (own != null && !thread.isAlive()) {
        door.replace(form.released(own));
        log.info("{} gave the Lease {} back", form.holder(), LEASE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KubernetesClientException e) {
      log.warn("the Lease {} was not given back: {}", LEASE, e.getMessage());
    }
  }

  private void run() {
    try {
      Duration pause = round();
      while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = round();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One look or renewal; returns how long to pause. */
  Duration round() {
    try {
      Duration pause = own == null ? contest() : renew(own);
      failing = false;
      return pause;
    } catch (RuntimeException e) {
      if (!failing) {
        log.warn("the Lease {} cannot be reached: {}", LEASE, e.getMessage());
      }
      failing = true;
      return timing.poll();
    } catch (Error e) {
      log.error("the Lease {} cannot be kept", LEASE, e);
      end(form.holder() + " cannot keep the Lease " + LEASE + " any more (" + e + ")");
      return timing.poll();
    }
  }

  private Duration contest() {
    Optional<Lease> found = door.read();
    Moment asked = mandate.now();
    Duration wait = standing.see(found, asked);
    if (wait.isPositive()) {
      return wait.compareTo(timing.poll()) < 0 ? wait : timing.poll();
    }
    try {
      Lease taken =
          found.isEmpty()
              ? door.create(form.first(asked.wall()))
              : door.replace(form.taken(found.get(), asked.wall()));
      held(taken, asked);
      return timing.renewal();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return timing.poll();
      }
      throw e;
    }
  }

  private Duration renew(Lease lease) {
    Moment asked = mandate.now();
    try {
      held(door.replace(form.renewed(lease, asked.wall())), asked);
      return timing.renewal();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      return reconsider();
    }
  }

  /** Somebody wrote the Lease: a hand that left the holder as it was, or who took it. */
  private Duration reconsider() {
    Optional<Lease> found = door.read();
    if (found.isPresent() && form.holder().equals(LeaseForm.holder(found.get()))) {
      own = found.get();
      return Duration.ofMillis(1);
    }
    own = null;
    end(
        form.holder()
            + " has lost the Lease "
            + LEASE
            + found.map(lease -> " to \"" + LeaseForm.holder(lease) + "\"").orElse(", it is gone"));
    return timing.poll();
  }

  private void end(String sentence) {
    mandate.close();
    closed.countDown();
    listener.lost(sentence);
  }

  private void held(Lease lease, Moment asked) {
    boolean acted = mandate.getAsBoolean();
    own = lease;
    mandate.extend(asked, timing.acting());
    if (!acted && mandate.getAsBoolean()) {
      log.info("{} leads", form.holder());
      listener.begins();
    }
  }
}
