package io.tensorfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.local.Ending.Part;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndingTest {
  private final List<String> ended = new ArrayList<>();
  private final Ending ending = new Ending();

  @Test
  void theOperatorEndsBeforeTheWorkersAndTheDatabaseAfterTheOrchestrator() {
    for (Part part : List.of(Part.DATABASE, Part.OPERATOR, Part.ORCHESTRATOR, Part.WORKERS)) {
      ending.add(part, () -> ended.add(part.name()));
    }

    ending.close();

    assertThat(ended).containsExactly("OPERATOR", "WORKERS", "ORCHESTRATOR", "DATABASE");
  }

  @Test
  void aPartThatCannotEndDoesNotHoldUpTheOthersAndEachEndsOnce() {
    ending.add(
        Part.OPERATOR,
        () -> {
          throw new IllegalStateException("stuck (a test)");
        });
    ending.add(Part.DATABASE, () -> ended.add("DATABASE"));

    ending.close();
    ending.close();

    assertThat(ended).containsExactly("DATABASE");
  }
}
