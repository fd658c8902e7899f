package io.tensorfleet.orchestrator.session;

import io.tensorfleet.orchestrator.core.Offer;
import io.tensorfleet.orchestrator.store.ClaimStore.Claimed;
import io.tensorfleet.orchestrator.store.ClaimStore.Target;
import io.tensorfleet.orchestrator.store.WorkerStore;
import io.tensorfleet.orchestrator.store.WorkerStore.Joined;
import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.proto.v1.Heartbeat;
import io.tensorfleet.proto.v1.Hello;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Workers of the old wire: they have no stream, only calls that ask for one task each. Blocking
 * where it joins.
 */
public final class OldWorkers {
  private static final String INCARNATION = "old-wire";
  private final WorkerStore workers;
  private final Registry registry;
  private final Consumer<Claimed> handBack;
  private final Map<String, Member> members = new ConcurrentHashMap<>();

  private record Member(Joined joined, Hello hello) {}

  /**
   * Makes it.
   *
   * @param handBack takes tasks that were claimed for a call which had ended by then
   */
  public OldWorkers(WorkerStore workers, Registry registry, Consumer<Claimed> handBack) {
    this.workers = workers;
    this.registry = registry;
    this.handBack = handBack;
  }

  /** The call that asked cannot be answered any more. */
  public void handBack(Claimed claimed) {
    handBack.accept(claimed);
  }

  /** Takes the worker in; false when it has a Work stream and needs nothing of this. */
  public boolean register(String workerId, Capabilities capabilities, int slots) {
    Hello hello =
        Hello.newBuilder()
            .setWorkerId(workerId)
            .setIncarnation(INCARNATION)
            .setCapabilities(capabilities)
            .setSlots(Math.clamp(slots, 1, 1024))
            .build();
    Optional<Joined> joined = workers.join(hello, true);
    joined.ifPresent(j -> members.put(workerId, new Member(j, hello)));
    return joined.isPresent();
  }

  /** Any call of the worker shows that it lives. */
  public void beat(String workerId, Heartbeat said) {
    Optional.ofNullable(members.get(workerId))
        .ifPresent(
            m ->
                workers.beats(
                    List.of(
                        new WorkerStore.Beat(
                            m.joined().sessionNo(), m.joined().streamNo(), said))));
  }

  /** Asks for one task; the answer comes when one is claimed. {@link #withdraw} ends the asking. */
  public Optional<Asking> ask(String workerId) {
    if (!members.containsKey(workerId)
        && !register(workerId, Capabilities.getDefaultInstance(), 1)) {
      return Optional.empty();
    }
    beat(workerId, Heartbeat.getDefaultInstance());
    return Optional.ofNullable(members.get(workerId)).map(this::ask);
  }

  private Asking ask(Member member) {
    Asking asking = new Asking(member);
    registry.add(asking);
    return asking;
  }

  /**
   * In vain: the next call joins anew, should the worker have been with another orchestrator
   * meanwhile.
   */
  public void withdraw(Asking asking) {
    registry.remove(asking);
    members.remove(asking.member.hello().getWorkerId());
  }

  /** One call that waits for one task. */
  public final class Asking implements Recipient {
    private final Member member;
    private final CompletableFuture<Claimed> answer = new CompletableFuture<>();

    private Asking(Member member) {
      this.member = member;
    }

    public CompletableFuture<Claimed> answer() {
      return answer;
    }

    @Override
    public Target target() {
      return new Target(member.joined().sessionNo(), member.joined().streamNo(), true);
    }

    @Override
    public Optional<Offer> offer() {
      return answer.isDone()
          ? Optional.empty()
          : Optional.of(
              new Offer(
                  member.joined().sessionNo(),
                  1,
                  member.hello().getCapabilities(),
                  Map.of(),
                  Set.of("default")));
    }

    @Override
    public void deliver(List<Claimed> claimed) {
      registry.remove(this);
      claimed.stream().filter(one -> !answer.complete(one)).forEach(handBack);
    }
  }
}
