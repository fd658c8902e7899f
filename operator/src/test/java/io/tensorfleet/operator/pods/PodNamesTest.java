package io.tensorfleet.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.WorkerPool;
import org.junit.jupiter.api.Test;

class PodNamesTest {
  @Test
  void poolsOfOneNameHaveWorkersOfDifferentNames() {
    String red = PodNames.stem(pool("d1a3f0de-0000-4000-8000-000000000001"));
    String blue = PodNames.stem(pool("d1a3f0de-0000-4000-8000-000000000002"));

    assertThat(red).matches("demo-[b-z2-9]{4}").isNotEqualTo(blue);
    assertThat(PodNames.stem(pool("d1a3f0de-0000-4000-8000-000000000001"))).isEqualTo(red);
  }

  @Test
  void thePoolOfAWorkerIsReadFromItsName() {
    String stem = PodNames.stem(pool("one"));

    assertThat(PodNames.stemOf(stem + "-12")).isEqualTo(stem);
    assertThat(PodNames.stemOf("laptop")).isEqualTo("laptop");
    assertThat(PodNames.stemOf("laptop-")).isEqualTo("laptop-");
    assertThat(PodNames.stemOf("-7")).isEqualTo("-7");
  }

  @Test
  void theLongestNamesFitAHostName() {
    WorkerPool pool = pool("one");
    pool.getMetadata().setName("p".repeat(52));

    assertThat(PodNames.stem(pool) + "-12500").hasSizeLessThanOrEqualTo(63);
  }

  private static WorkerPool pool(String uid) {
    var pool = new WorkerPool();
    pool.getMetadata().setName("demo");
    pool.getMetadata().setUid(uid);
    return pool;
  }
}
