package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogTest {
  @Test
  void ofOneSubjectTheNewestIsKeptToBeTold() {
    Backlog backlog = Backlog.none();
    for (int n = 0; n < 1_000; n++) {
      backlog = backlog.failed(backlog.with(List.of(news("the same", n))), Pools.NOON);
    }

    assertThat(backlog.news()).containsExactly(news("the same", 999));
  }

  @Test
  void ofManySubjectsTheNewestAreKeptHoweverLongNobodyTakesThem() {
    Backlog backlog = Backlog.none();
    for (int n = 0; n < 1_000; n++) {
      List<Announcement> all = backlog.with(List.of(news("subject " + n, n)));
      backlog = n % 2 == 0 ? backlog.failed(all, Pools.NOON) : backlog.holding(all);
    }

    assertThat(backlog.news()).hasSize(50);
    assertThat(backlog.news().getFirst()).isEqualTo(news("subject 950", 950));
    assertThat(backlog.news().getLast()).isEqualTo(news("subject 999", 999));
  }

  private static Announcement news(String subject, int number) {
    return new Announcement(false, "Reason", "Action", "text " + number, subject);
  }
}
