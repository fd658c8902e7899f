package io.tensorfleet.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void eachColumnIsAsWideAsItsWidestCell() {
    var table = new Table(List.of("A", "LONG"), List.of(List.of("wider", "x"), List.of("y", "z")));

    assertThat(table.render().lines()).containsExactly("A       LONG", "wider   x", "y       z");
  }

  @Test
  void aRowThatDoesNotFitItsHeadingsIsRefused() {
    assertThatThrownBy(() -> new Table(List.of("A", "B"), List.of(List.of("one"))))
        .hasMessageContaining("1 cells under 2 headings");
  }
}
