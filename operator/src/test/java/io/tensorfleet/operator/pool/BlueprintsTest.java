package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import org.junit.jupiter.api.Test;

class BlueprintsTest {
  private final Blueprints blueprints = new Blueprints(Pools.DEFAULTS);

  @Test
  void aBlueprintIsMadeOncePerGenerationOfThePool() {
    WorkerPool pool = Pools.pool();
    var first = blueprints.of(pool);

    assertThat(blueprints.of(Pools.pool())).isSameAs(first);
    pool.getMetadata().setGeneration(4L);
    assertThat(blueprints.of(pool)).isNotSameAs(first);
  }

  @Test
  void anotherPoolUnderTheSameNameHasItsOwn() {
    var first = blueprints.of(Pools.pool());
    WorkerPool other = Pools.pool();
    other.getMetadata().setUid("another");

    assertThat(blueprints.of(other)).isNotSameAs(first);
  }

  @Test
  void aPoolThatIsGoneIsForgotten() {
    var first = blueprints.of(Pools.pool());
    blueprints.forget(new PoolKey("default", "demo"));

    assertThat(blueprints.of(Pools.pool())).isNotSameAs(first).isEqualTo(first);
  }
}
