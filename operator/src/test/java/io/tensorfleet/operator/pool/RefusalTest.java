package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.QueueSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server refuses, what is said of it, and when it is asked again. */
class RefusalTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final String QUOTA =
      "pods \"demo-3\" is forbidden: exceeded quota: small, requested: pods=1, used: pods=5, limited: pods=5";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | pods \"d-1\" is forbidden: exceeded quota: small, requested: pods=1, used: pods=5, limited: pods=5 | QuotaExceeded | quota small leaves no room for another worker (requested: pods=1, used: pods=5, limited: pods=5)",
        "403 | pods \"d-1\" is forbidden: failed quota: cpu: must specify limits.cpu for: worker | QuotaNeedsResources | must specify limits.cpu for: worker; set them in spec.template",
        "403 | pods \"d-1\" is forbidden: maximum cpu usage per Container is 1, but limit is 2 | LimitRangeRefused | maximum cpu usage per Container is 1",
        "403 | pods \"d-1\" is forbidden: violates PodSecurity \"restricted:latest\": privileged | PodSecurityRefused | violates PodSecurity \"restricted:latest\"",
        "403 | pods \"d-1\" is forbidden: error looking up service account a/x: serviceaccount \"x\" not found | CreateFailed | serviceaccount \"x\" not found",
        "403 | pods is forbidden: User \"u\" cannot create resource \"pods\" in API group \"\" in the namespace \"a\" | CreateForbidden | the operator's role does not allow it",
        "403 | pods \"d-1\" is forbidden: unable to create new content in namespace a because it is being terminated | NamespaceTerminating | being terminated",
        "400 | admission webhook \"w.example.com\" denied the request: no | AdmissionDenied | denied the request: no",
        "422 | Pod \"d-1\" is invalid: spec.containers[0].image: Required value | PodInvalid | spec.containers[0].image: Required value",
        "429 | too many requests | CreateFailed | 429 too many requests",
        "500 | etcd is away | CreateFailed | 500 etcd is away"
      })
  void aRefusalNamesItsCauseAndNotThePod(int code, String message, String reason, String words) {
    Refusal refusal = Refusal.of(code, message);

    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal.sentence()).contains(words).doesNotContain("\"d-1\"");
  }

  @Test
  void theLongestPauseIsTheSafetyPollWhereSomebodyElseMayMakeRoom() {
    Refusal quota = Refusal.of(403, QUOTA);
    Refusal invalid = Refusal.of(422, "no");

    assertThat(quota.pause(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(quota.pause(3)).isEqualTo(Duration.ofSeconds(4));
    assertThat(quota.pause(99)).isEqualTo(Duration.ofSeconds(10));
    assertThat(invalid.pause(99)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void creationsPauseUntilTheTimeIsUpAPodHasGoneOrTheTemplateIsAnother() {
    Outlook refused = refused(observation(3, fresh(), NOON));
    PoolMemory memory = refused.memory();

    assertThat(memory.creations().pause(observation(3, memory, NOON.plusMillis(999)))).isTrue();
    assertThat(memory.creations().pause(observation(3, memory, NOON.plusSeconds(1)))).isFalse();
    assertThat(memory.creations().pause(observation(2, memory, NOON.plusMillis(1)))).isFalse();
    PoolMemory other = memory.with(otherRevision(memory));
    assertThat(other.creations().pause(observation(3, other, NOON.plusMillis(1)))).isFalse();
  }

  @Test
  void aRefusalIsToldUntilAPodIsMadeOrNoneIsWanted() {
    Outlook refused = refused(observation(3, fresh(), NOON));
    PoolMemory memory = refused.memory().wrote(Statuses.of(refused), NOON);
    Observation later = observation(3, memory, NOON.plusSeconds(5));
    var waiting = new Outlook(later, later.view(), Pools.plan(3, 5, 2), Applied.nothing());
    var content = new Outlook(later, later.view(), Pools.plan(3, 3, 0), Applied.nothing());
    var made = new Outlook(later, later.view(), Pools.plan(3, 5, 2), made());

    assertThat(degraded(refused)).isEqualTo("QuotaExceeded: " + sentence());
    assertThat(degraded(waiting)).isEqualTo(degraded(refused));
    assertThat(degraded(content)).isEqualTo("AsExpected: ");
    assertThat(degraded(made)).isEqualTo("AsExpected: ");
  }

  private static String sentence() {
    return "3 of 5 workers are there: quota small leaves no room for another worker"
        + " (requested: pods=1, used: pods=5, limited: pods=5); tried again every 10 s";
  }

  private static String degraded(Outlook outlook) {
    WorkerPoolStatus status = Statuses.of(outlook);
    var condition = Conditions.find(new ArrayList<>(status.conditions()), "Degraded").orElseThrow();
    return condition.getReason() + ": " + condition.getMessage();
  }

  private static Outlook refused(Observation seen) {
    var applied =
        new Applied(
            List.of(), List.of(), List.of(), Optional.of(Refusal.of(403, QUOTA)), Optional.empty());
    ScalePlan plan = Pools.plan(3, 5, 2);
    return new Outlook(seen, seen.view(), plan, applied);
  }

  private static Applied made() {
    return new Applied(
        List.of(Pools.pod("demo-9")), List.of(), List.of(), Optional.empty(), Optional.empty());
  }

  private static Creations otherRevision(PoolMemory memory) {
    Creations.Refused r = memory.creations().refused().orElseThrow();
    return new Creations(
        Optional.of(new Creations.Refused(r.why(), r.inARow(), r.until(), "older", r.there())),
        Set.of());
  }

  private static PoolMemory fresh() {
    return PoolMemory.restored(Pools.pool(), List.of());
  }

  private static Observation observation(int pods, PoolMemory memory, Instant now) {
    var queue = new QueueReading.Known(QueueSnapshot.newBuilder().setQueue("default").build(), now);
    return new Observation(
        Pools.pool(),
        Pools.blueprint(),
        java.util.stream.IntStream.range(0, pods).mapToObj(n -> Pools.pod("demo-" + n)).toList(),
        queue,
        memory,
        now);
  }
}
