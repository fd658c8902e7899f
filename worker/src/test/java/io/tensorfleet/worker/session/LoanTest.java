package io.tensorfleet.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoanTest {
  private static Loan borrow(Bench bench, String task) {
    var loan = bench.session.borrowSlot(task);
    bench.drainLoop();
    return loan.join();
  }

  @Test
  void aSlotIsLentUntilNoneIsFree() {
    try (Bench bench = new Bench(1)) {
      assertThat(borrow(bench, "one")).isInstanceOf(Loan.Lent.class);
      assertThat(borrow(bench, "two")).isEqualTo(new Loan.Refused(Loan.Reason.NONE_FREE));
    }
  }

  @Test
  void aTaskThatRunsByALeaseGetsNoSecondSlot() {
    try (Bench bench = new Bench(2)) {
      bench.connect().lease(Bench.token("one"));
      bench.drainLoop();

      assertThat(borrow(bench, "one")).isEqualTo(new Loan.Refused(Loan.Reason.LEASED));
      assertThat(borrow(bench, "two")).isInstanceOf(Loan.Lent.class);
    }
  }

  @Test
  void aDrainingWorkerLendsNothing() {
    try (Bench bench = new Bench(1)) {
      bench.session.drain(new Exit(143, "asked to"));
      bench.drainLoop();

      assertThat(borrow(bench, "one")).isEqualTo(new Loan.Refused(Loan.Reason.DRAINING));
    }
  }
}
