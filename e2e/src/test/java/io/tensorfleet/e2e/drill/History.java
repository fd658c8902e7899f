package io.tensorfleet.e2e.drill;

import io.tensorfleet.e2e.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a drill saw, in one order. Safe for any thread. */
public final class History {
  private final long start = System.nanoTime();
  private final long startMillis = System.currentTimeMillis();
  private final List<Event> events = new ArrayList<>();

  /** The time since the drill began. */
  public Duration now() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** A wall clock's reading as a time since the drill began. */
  public Duration ofWall(long epochMillis) {
    return Duration.ofMillis(epochMillis - startMillis);
  }

  public synchronized void add(Event event) {
    events.add(event);
  }

  public synchronized List<Event> events() {
    return events.stream().sorted(Comparator.comparing(Event::at)).toList();
  }

  public synchronized <E extends Event> List<E> all(Class<E> kind) {
    return of(events, kind).toList();
  }

  /** Events of one kind among others. */
  public static <E extends Event> Stream<E> of(List<Event> events, Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** Waits until an event of the kind is there for which {@code wanted} holds. */
  public <E extends Event> E await(Class<E> kind, Duration limit, Predicate<E> wanted) {
    return Await.value(limit, kind.getSimpleName(), () -> first(kind, wanted));
  }

  public <E extends Event> Optional<E> first(Class<E> kind, Predicate<E> wanted) {
    return all(kind).stream().filter(wanted).findFirst();
  }
}
