package io.tensorfleet.worker;

import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.engine.Strays;
import io.tensorfleet.worker.profile.TaskSpans;
import io.tensorfleet.worker.session.Facts;
import io.tensorfleet.worker.telemetry.HealthReport;
import io.tensorfleet.worker.telemetry.MachineReader;
import io.tensorfleet.worker.telemetry.WorkerMetrics;
import io.tensorfleet.worker.trainer.SimulationTrainer;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What runs tasks and tells of them, wherever the tasks come from. */
record Workshop(
    MachineReader machine,
    Slots slots,
    Facts facts,
    WorkerMetrics metrics,
    TaskSpans spans,
    Runner runner) {
  static final InstantSource WALL = InstantSource.system();

  /** What a task's fault makes the process end with. */
  private static final int HALTED = 70;

  /**
   * Opens it.
   *
   * @param full hears, in a sentence, that too many trainers cannot be stopped
   */
  static Workshop open(WorkerConfig config, Opened opened, Consumer<String> full) {
    MachineReader machine = new MachineReader(config.machine());
    opened.keep(machine::close);
    Slots slots = new Slots(config.work().maxConcurrentTasks());
    Facts facts = new Facts(WALL.instant());
    WorkerMetrics metrics = new WorkerMetrics(facts, slots, machine, config.series());
    metrics.watch(machine.capacity());
    Strays strays = new Strays(Strays.GRACE, slots.size(), full);
    metrics.watch(strays);
    TaskSpans spans = new TaskSpans(WALL);
    SimulationTrainer trainer =
        new SimulationTrainer(
            config.simulation(), Thread::sleep, () -> Runtime.getRuntime().halt(HALTED));
    Runner runner = new Runner(spans.noting(trainer), WALL, List.of(facts, metrics), strays);
    opened.keep(runner::close);
    return new Workshop(machine, slots, facts, metrics, spans, runner);
  }

  Supplier<HealthReport> health(String workerId) {
    return () -> new HealthReport(workerId, facts, machine.get(), WALL.instant());
  }
}
