package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.Needs;
import io.tensorfleet.crds.Offer;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.Rest;
import io.tensorfleet.operator.policy.QueueView.TaskClass;
import io.tensorfleet.operator.policy.QueueView.Unserved;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Divides the work of one queue among the pools that serve it, so that the parts add up to the
 * whole. What runs belongs to the pool whose worker holds it. What waits goes to pools that offer
 * what it asks for: first to slots that are free already, wherever they are; then to where there is
 * room, the least offer that suffices first; what is left over to the first of these. Every pool is
 * told its part by the same rule from the same facts, whatever their order.
 */
public final class Shares {
  private static final Comparator<Member> ORDER =
      Comparator.comparing(Member::rank, Offer.LEAST_FIRST).thenComparing(Member::pool);

  private final Map<Needs, List<Seat>> eligible = new HashMap<>();
  private final List<Seat> seats;
  private final Work work;

  /**
   * The work of one queue.
   *
   * @param delayed tasks that wait for a back-off to end, of all classes
   * @param adrift running tasks that no worker holds which is known: they will wait again soon
   * @param strangers what connected workers offer that are in none of the pools
   */
  public record Work(List<TaskClass> classes, long delayed, long adrift, Set<Offer> strangers) {
    public Work {
      classes = List.copyOf(classes);
      strangers = Set.copyOf(strangers);
    }
  }

  /**
   * A pool of the queue.
   *
   * @param pool its name, which no other has
   * @param rank by which pools are put in order, the least first
   * @param running slots that its workers' tasks hold
   */
  public record Member(String pool, Offer offer, Offer rank, Standing standing, long running) {
    public Member(String pool, Offer offer, Standing standing, long running) {
      this(pool, offer, offer, standing, running);
    }
  }

  private Shares(Work work, List<Member> members) {
    this.work = work;
    this.seats = members.stream().sorted(ORDER).map(Seat::new).toList();
  }

  /** Each pool's part, by its name. */
  public static Map<String, Known> of(Work work, List<Member> members) {
    Shares shares = new Shares(work, members);
    shares.divide();
    return shares.parts();
  }

  private void divide() {
    Map<TaskClass, Long> left = hardestFirst();
    left.replaceAll((work, tasks) -> spread(work, tasks, Seat::free));
    left.replaceAll((work, tasks) -> spread(work, tasks, Seat::room));
    left.forEach(this::overflow);
    work.classes().forEach(c -> delay(servers(c.needs()), c.delayed()));
    delay(seats, work.delayed() - work.classes().stream().mapToLong(TaskClass::delayed).sum());
    firstThere(seats).ifPresent(seat -> seat.running += work.adrift());
  }

  /** Who can go to few pools chooses before who can go to many. */
  private Map<TaskClass, Long> hardestFirst() {
    Map<TaskClass, Long> left = new LinkedHashMap<>();
    work.classes().stream()
        .sorted(
            Comparator.<TaskClass>comparingInt(c -> servers(c.needs()).size())
                .thenComparingInt(c -> -c.needs().gpus())
                .thenComparingLong(c -> -c.needs().memoryBytes())
                .thenComparing(TaskClass::name)
                .thenComparing(c -> c.needs().text()))
        .forEach(c -> left.merge(c, c.waiting(), Long::sum));
    return left;
  }

  private List<Seat> servers(Needs needs) {
    return eligible.computeIfAbsent(
        needs, n -> seats.stream().filter(seat -> seat.member.offer().meets(n)).toList());
  }

  /** Gives what there is room for; what is left comes back. */
  private long spread(TaskClass work, long tasks, ToDoubleFunction<Seat> room) {
    long left = tasks;
    for (Seat seat : servers(work.needs())) {
      double weight = seat.member.standing().weight(work.meanSeconds());
      double fits = Math.floor(room.applyAsDouble(seat) / weight + 1e-9);
      left -= seat.take(work, (long) Math.min((double) left, fits));
    }
    return left;
  }

  private void overflow(TaskClass work, long tasks) {
    List<Seat> servers = servers(work.needs());
    servers.stream()
        .filter(seat -> seat.member.standing().grows())
        .findFirst()
        .or(() -> servers.stream().findFirst())
        .ifPresent(seat -> seat.take(work, tasks));
  }

  private static void delay(List<Seat> seats, long tasks) {
    firstThere(seats).ifPresent(seat -> seat.delayed += Math.max(0, tasks));
  }

  /** The first pool that has a worker, else the first. */
  private static Optional<Seat> firstThere(List<Seat> seats) {
    return seats.stream()
        .filter(seat -> seat.member.standing().supply() > 0)
        .findFirst()
        .or(() -> seats.stream().findFirst());
  }

  private Map<String, Known> parts() {
    List<Unserved> unserved = unserved();
    long served = seats.stream().mapToLong(Seat::waiting).sum();
    Map<String, Known> parts = new HashMap<>();
    for (Seat seat : seats) {
      Rest rest = new Rest(served - seat.waiting(), unserved);
      parts.put(seat.member.pool(), new Known(seat.classes(), seat.delayed, rest));
    }
    return parts;
  }

  private List<Unserved> unserved() {
    Map<Needs, Long> waiting = new HashMap<>();
    for (TaskClass c : work.classes()) {
      if (c.waiting() > 0 && servers(c.needs()).isEmpty() && !strangersMeet(c.needs())) {
        waiting.merge(c.needs(), c.waiting(), Long::sum);
      }
    }
    return waiting.entrySet().stream()
        .map(e -> new Unserved(e.getKey(), e.getValue()))
        .sorted(Comparator.comparing(u -> u.needs().text()))
        .toList();
  }

  private boolean strangersMeet(Needs needs) {
    return work.strangers().stream().anyMatch(offer -> offer.meets(needs));
  }

  /** What a pool has been given so far. */
  private static final class Seat {
    private final Member member;
    private final Map<TaskClass, Long> given = new LinkedHashMap<>();
    private double used;
    private long running;
    private long delayed;

    Seat(Member member) {
      this.member = member;
      this.running = member.running();
    }

    double free() {
      return Math.max(0, member.standing().free(member.running()) - used);
    }

    double room() {
      return Math.max(0, member.standing().room(member.running()) - used);
    }

    long take(TaskClass work, long tasks) {
      if (tasks > 0) {
        given.merge(work, tasks, Long::sum);
        used += (double) tasks * member.standing().weight(work.meanSeconds());
      }
      return tasks;
    }

    long waiting() {
      return given.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What waits by class, as far as it is this pool's, and what runs in one sum. */
    List<TaskClass> classes() {
      List<TaskClass> classes = new ArrayList<>();
      given.forEach(
          (c, n) -> classes.add(new TaskClass(c.name(), n, 0, c.meanSeconds(), c.needs(), 0)));
      if (running > 0) {
        classes.add(new TaskClass("", 0, running, 0));
      }
      return classes;
    }
  }
}
