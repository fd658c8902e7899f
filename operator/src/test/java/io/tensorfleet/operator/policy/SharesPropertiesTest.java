package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.Needs;
import io.tensorfleet.crds.Offer;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.TaskClass;
import io.tensorfleet.operator.policy.QueueView.Unserved;
import io.tensorfleet.operator.policy.Shares.Member;
import io.tensorfleet.operator.policy.Shares.Work;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of every division, whatever the pools and whatever waits. */
class SharesPropertiesTest {

  /** A queue and its pools. */
  record Case(Work work, List<Member> members) {
    Map<String, Known> parts() {
      return Shares.of(work, members);
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    return Arbitraries.longs().map(seed -> new Maker(new Random(seed)).make());
  }

  @Property(tries = 2_000)
  void thePartsAddUpToTheWhole(@ForAll("cases") Case any) {
    Map<String, Known> parts = any.parts();
    long served = parts.values().stream().mapToLong(Known::waiting).sum();
    long nobodys =
        any.work().classes().stream()
            .filter(c -> any.members().stream().noneMatch(m -> m.offer().meets(c.needs())))
            .mapToLong(TaskClass::waiting)
            .sum();
    assertThat(served + nobodys)
        .isEqualTo(any.work().classes().stream().mapToLong(TaskClass::waiting).sum());
    long running = any.members().stream().mapToLong(Member::running).sum();
    assertThat(parts.values().stream().mapToLong(Known::running).sum())
        .isEqualTo(running + any.work().adrift());
  }

  @Property(tries = 2_000)
  void noPoolIsGivenWhatItCannotServe(@ForAll("cases") Case any) {
    Map<String, Known> parts = any.parts();
    for (Member member : any.members()) {
      assertThat(part(parts, member).classes())
          .allSatisfy(c -> assertThat(member.offer().meets(c.needs())).isTrue());
    }
  }

  @Property(tries = 1_000)
  void theOrderOfThePoolsAndClassesDoesNotMatter(@ForAll("cases") Case any, @ForAll long seed) {
    List<Member> members = new ArrayList<>(any.members());
    List<TaskClass> classes = new ArrayList<>(any.work().classes());
    Collections.shuffle(members, new Random(seed));
    Collections.shuffle(classes, new Random(seed));
    Work same =
        new Work(classes, any.work().delayed(), any.work().adrift(), any.work().strangers());
    assertThat(Shares.of(same, members)).isEqualTo(any.parts());
  }

  @Property(tries = 1_000)
  void aSolePoolIsGivenAllThatItCanServe(@ForAll("cases") Case any) {
    Member sole = any.members().getFirst();
    Known part = part(Shares.of(any.work(), List.of(sole)), sole);
    assertThat(part.waiting())
        .isEqualTo(
            any.work().classes().stream()
                .filter(c -> sole.offer().meets(c.needs()))
                .mapToLong(TaskClass::waiting)
                .sum());
    assertThat(part.rest().waitingElsewhere()).isZero();
  }

  @Property(tries = 2_000)
  void nobodyIsGivenMoreThanItsRoomWhileAnotherHasSome(@ForAll("cases") Case any) {
    for (TaskClass only : any.work().classes()) {
      Map<String, Known> parts = Shares.of(new Work(List.of(only), 0, 0, Set.of()), any.members());
      boolean overfull = any.members().stream().anyMatch(m -> used(parts, m) > most(m) + 1e-6);
      if (overfull) {
        assertThat(any.members().stream().filter(m -> m.offer().meets(only.needs())))
            .allSatisfy(
                m ->
                    assertThat(used(parts, m) + m.standing().weight(only.meanSeconds()) + 1e-6)
                        .isGreaterThan(m.standing().room(m.running())));
      }
    }
  }

  private static double most(Member member) {
    Standing standing = member.standing();
    return Math.max(standing.room(member.running()), standing.free(member.running()));
  }

  @Property(tries = 1_000)
  void workIsUnservedOnlyWhereNobodyOffersWhatItAsksFor(@ForAll("cases") Case any) {
    for (Known part : any.parts().values()) {
      for (Unserved unserved : part.rest().unserved()) {
        assertThat(any.members()).noneMatch(m -> m.offer().meets(unserved.needs()));
        assertThat(any.work().strangers()).noneMatch(offer -> offer.meets(unserved.needs()));
        assertThat(unserved.waiting()).isPositive();
      }
    }
  }

  private static double used(Map<String, Known> parts, Member member) {
    return part(parts, member).classes().stream()
        .mapToDouble(c -> c.waiting() * member.standing().weight(c.meanSeconds()))
        .sum();
  }

  private static Known part(Map<String, Known> parts, Member member) {
    return Objects.requireNonNull(parts.get(member.pool()));
  }

  private record Maker(Random random) {
    Case make() {
      List<Member> members = new ArrayList<>();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        members.add(member("pool-" + i));
      }
      List<TaskClass> classes = new ArrayList<>();
      for (int i = random.nextInt(5); i > 0; i--) {
        classes.add(taskClass("class-" + i));
      }
      Set<Offer> strangers = random.nextInt(4) == 0 ? Set.of(offer()) : Set.of();
      return new Case(new Work(classes, random.nextInt(9), random.nextInt(3), strangers), members);
    }

    private Member member(String name) {
      int supply = random.nextInt(5);
      int slots = 1 + random.nextInt(3);
      var standing =
          new Standing(
              slots,
              supply,
              random.nextInt(8),
              random.nextInt(3) == 0 ? random.nextInt(4) : 0,
              random.nextInt(3) == 0 ? 30 : 0);
      return new Member(name, offer(), standing, random.nextInt(supply * slots + 1));
    }

    private Offer offer() {
      return new Offer(
          random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(3)),
          random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(3)),
          random.nextBoolean() ? Map.of() : Map.of("zone", random.nextBoolean() ? "a" : "b"));
    }

    private TaskClass taskClass(String name) {
      var needs =
          new Needs(
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(3) == 0 ? Map.of("zone", "a") : Map.of());
      return new TaskClass(
          name, random.nextInt(30), random.nextInt(5), random.nextInt(4) * 7.5, needs, 0);
    }
  }
}
