package io.tensorfleet.operator.pool;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.Clients;
import io.tensorfleet.operator.FakeApi;
import io.tensorfleet.operator.FakeApi.Answer;
import io.tensorfleet.operator.FakeApi.Request;
import io.tensorfleet.operator.api.ApiWriter;
import io.tensorfleet.operator.api.PodRef;
import io.tensorfleet.operator.api.PodWriter.Annotated;
import io.tensorfleet.operator.limit.ApiLimits;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.pods.PodNames;
import io.tensorfleet.operator.pods.StoredRevision;
import io.tensorfleet.operator.policy.RevisionFacts;
import io.tensorfleet.operator.policy.Rollout;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.queue.QueueReading;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What becomes of a pool by what the API server answers. */
class AnswersTest {
  private static final RevisionFacts WORKED =
      new RevisionFacts("old", Optional.empty(), Optional.of(Pools.NOON), Optional.empty());

  @Test
  void aStatusIsWrittenToThisVeryPoolOnly() {
    try (var api = new FakeApi(ApiLimits.usual(), Answer::done)) {
      assertThat(api.writer().status(Pools.pool(), WorkerPoolStatus.empty())).isEmpty();

      assertThat(api.requests())
          .singleElement()
          .satisfies(
              request -> {
                assertThat(request.path()).endsWith("/workerpools/demo/status");
                assertThat(request.body()).contains("\"test\"", "/metadata/uid", "pool-uid");
              });
    }
  }

  @Test
  void aStatusOfAPoolThatIsGoneOrMadeAnewIsNotTriedAgain() {
    assertThat(failure(Answer.failure(404, "NotFound", "not found"))).isEmpty();
    assertThat(failure(Answer.inapplicable())).isEmpty();
  }

  @Test
  void aStatusThatCouldNotBeWrittenForAnotherReasonIsTriedAgain() {
    assertThat(failure(Answer.invalid("status.replicas", "too many"))).contains("422 too many");
    assertThat(failure(Answer.failure(409, "Conflict", "it was modified")))
        .contains("409 it was modified");
    assertThat(failure(Answer.failure(500, "InternalError", "no disk"))).contains("500 no disk");
  }

  @Test
  void aPodOfTheSameNameIsAsGoodAsNone() {
    try (var api =
        new FakeApi(ApiLimits.usual(), _ -> Answer.invalid("metadata.uid", "immutable"))) {
      assertThat(api.writer().annotate(PodRef.of(Pools.pod("demo-0")), Map.of("a", "b")))
          .isEqualTo(new Annotated.Gone());
    }
  }

  @Test
  void aRevisionThatCannotBeReadNowIsUnknownForThisLookAndReadByTheNext() {
    var plan = ofStable();
    var seen = seen();
    Answer stored = new Answer(200, json(seen));
    Answer down = Answer.failure(500, "InternalError", "no disk");
    var answers = List.of(down, stored).iterator();
    try (var api = new FakeApi(ApiLimits.usual(), _ -> answers.next())) {
      var revisions = new Revisions(api.writer().revisions());

      assertThat(revisions.stable(seen, plan))
          .isInstanceOfSatisfying(
              Blueprint.Invalid.class,
              why -> assertThat(why.sentence()).contains("ControllerRevision demo-", "no disk"));
      assertThat(revisions.stable(seen, plan)).isInstanceOf(Blueprint.Valid.class);
      assertThat(api.requests()).hasSize(2);
    }
  }

  @Test
  void aPoolHasOneTurnWhateverItWrites() throws Throwable {
    var gate = new CountDownLatch(1);
    try (var api = new FakeApi(new ApiLimits(1_000, 1_000, 1), request -> after(gate, request))) {
      WorkerPool busy = Pools.pool();
      start(() -> api.writer().create(podOf(busy, 0)));
      eventually(() -> assertThat(api.requests()).hasSize(1));
      List<Runnable> writes = writes(api.writer(), busy, other());
      for (int n = 0; n < writes.size(); n++) {
        start(writes.get(n));
        int waiting = n + 1;
        eventually(() -> assertThat(api.throttle().waiting()).isEqualTo(waiting));
      }

      gate.countDown();

      eventually(() -> assertThat(api.requests()).hasSize(6));
      assertThat(api.requests().get(2).body()).contains("\"name\":\"other-");
    }
  }

  /** Four of a busy pool, each of another kind of object, and then one of the other. */
  private static List<Runnable> writes(ApiWriter writer, WorkerPool busy, WorkerPool other) {
    return List.of(
        () -> writer.create(podOf(busy, 1)),
        () -> writer.status(busy, WorkerPoolStatus.empty()),
        () -> writer.revisions().create(revision(busy)),
        () -> writer.event(Events.of(busy, news(), "operator-0", Pools.NOON)),
        () -> writer.create(podOf(other, 0)));
  }

  private static WorkerPool other() {
    WorkerPool other = Pools.pool();
    other.getMetadata().setName("other");
    return other;
  }

  private static Optional<String> failure(Answer answer) {
    try (var api = new FakeApi(ApiLimits.usual(), _ -> answer)) {
      return api.writer().status(Pools.pool(), WorkerPoolStatus.empty());
    }
  }

  private static Answer after(CountDownLatch gate, Request request) {
    try {
      gate.await();
      return Answer.done(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void start(Runnable write) {
    var _ = Thread.ofVirtual().start(write);
  }

  private static Announcement news() {
    return new Announcement(false, "Reason", "Action", "text", "subject");
  }

  private static Pod podOf(WorkerPool pool, int number) {
    return Pools.blueprint().pod(pool, PodNames.stem(pool) + "-" + number);
  }

  private static ControllerRevision revision(WorkerPool pool) {
    return StoredRevision.of(pool, Pools.blueprint(), WORKED, 1);
  }

  private static String json(Observation seen) {
    return Clients.serialization().asJson(revision(seen.pool()));
  }

  private static ScalePlan ofStable() {
    ScalePlan plan = Pools.plan(0, 1, 1);
    Rollout rollout = Rollout.restored("new", List.of(WORKED));
    return new ScalePlan(
        1, 1, List.of(), 1, plan.decision(), plan.notes(), plan.memory().with(rollout));
  }

  private static Observation seen() {
    WorkerPool pool = Pools.pool();
    return new Observation(
        pool,
        Pools.blueprint(),
        List.of(),
        new QueueReading.Connecting(),
        PoolMemory.restored(pool, List.of()),
        Pools.NOON);
  }
}
