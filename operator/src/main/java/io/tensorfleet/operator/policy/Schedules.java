package io.tensorfleet.operator.policy;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.tensorfleet.crds.Schedule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the schedules of a pool ask for at one time.
 *
 * @param floor the highest lower bound among those that are on; 0 without one
 * @param name the schedule that asks for it; empty without one
 * @param nextChange when one of them begins or ends next
 * @param problems one sentence for each that cannot be read; such a one is left out
 */
record Schedules(int floor, String name, Optional<Instant> nextChange, List<String> problems) {

  static Schedules at(List<Schedule> schedules, Instant now) {
    int floor = 0;
    String name = "";
    Optional<Instant> next = Optional.empty();
    List<String> problems = new ArrayList<>();
    for (Schedule schedule : schedules) {
      try {
        Period period = Period.of(schedule, now);
        next = Times.earlier(next, period.change());
        if (period.on() && schedule.minReplicas() > floor) {
          floor = schedule.minReplicas();
          name = schedule.name();
        }
      } catch (IllegalArgumentException | DateTimeException e) {
        problems.add(
            "scaling.schedules: %s is left out, because it cannot be read: %s"
                .formatted(schedule.name(), e.getMessage()));
      }
    }
    return new Schedules(floor, name, next, List.copyOf(problems));
  }

  private record Period(boolean on, Optional<Instant> change) {
    static Period of(Schedule schedule, Instant now) {
      ZonedDateTime local = now.atZone(ZoneId.of(schedule.timeZone()));
      ExecutionTime start = times(schedule.start());
      ExecutionTime end = times(schedule.end());
      Optional<Instant> begun = latest(start, local);
      Optional<Instant> ended = latest(end, local);
      boolean on = begun.isPresent() && (ended.isEmpty() || ended.get().isBefore(begun.get()));
      Optional<Instant> change =
          (on ? end : start).nextExecution(local).map(ZonedDateTime::toInstant);
      return new Period(on, change);
    }

    /** The last time at or before {@code local}. */
    private static Optional<Instant> latest(ExecutionTime times, ZonedDateTime local) {
      return times.lastExecution(local.plusNanos(1)).map(ZonedDateTime::toInstant);
    }

    private static ExecutionTime times(String cron) {
      CronParser parser =
          new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
      return ExecutionTime.forCron(parser.parse(cron));
    }
  }
}
