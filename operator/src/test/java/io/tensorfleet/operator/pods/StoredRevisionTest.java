package io.tensorfleet.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.WorkerPool;
import org.junit.jupiter.api.Test;

class StoredRevisionTest {
  @Test
  void aPoolMadeAnewUnderTheSameNameMeetsNoRevisionOfTheOneBefore() {
    String before = StoredRevision.name(pool("demo", "one"), "5d4f");
    String after = StoredRevision.name(pool("demo", "two"), "5d4f");

    assertThat(after).isNotEqualTo(before);
    assertThat(before)
        .isEqualTo(StoredRevision.name(pool("demo", "one"), "5d4f"))
        .matches("demo-[a-z0-9]{4}-5d4f");
  }

  @Test
  void theLongestNameOfAPoolGivesADnsSubdomain() {
    String name = StoredRevision.name(pool("p".repeat(52), "one"), "0123456789abcdef");

    assertThat(name)
        .hasSizeLessThanOrEqualTo(253)
        .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  }

  private static WorkerPool pool(String name, String uid) {
    var pool = new WorkerPool();
    pool.getMetadata().setName(name);
    pool.getMetadata().setUid(uid);
    return pool;
  }
}
