package io.tensorfleet.worker.engine;

import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.log.TaskContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells several of one run; one that stumbles keeps nothing from the others. */
record Listeners(List<RunEvents> all) implements RunEvents {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  static Listeners of(List<RunEvents> observers, RunEvents own) {
    List<RunEvents> all = new ArrayList<>(observers);
    all.add(own);
    return new Listeners(List.copyOf(all));
  }

  @Override
  public void started(Run run) {
    tell(run, listener -> listener.started(run));
  }

  @Override
  public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {
    tell(run, listener -> listener.progressed(run, epochsTotal, metrics));
  }

  @Override
  public void ended(Run run, RunEnd end) {
    tell(run, listener -> listener.ended(run, end));
  }

  private void tell(Run run, Consumer<RunEvents> news) {
    for (RunEvents listener : all) {
      try {
        news.accept(listener);
      } catch (RuntimeException failure) {
        try (TaskContext _ = TaskContext.of(run.task())) {
          LOG.error("{} stumbled", listener, failure);
        }
      }
    }
  }
}
