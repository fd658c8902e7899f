package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** A time in which the pool has at least so many workers. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.name.matches('^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')",
    messageExpression =
        "'scaling.schedules: the name \"' + self.name + '\" must be 1 to 63 lower case letters, digits or dashes, such as office-hours'",
    message = "scaling.schedules[].name must be 1 to 63 lower case letters, digits or dashes",
    fieldPath = ".name",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "self.start.matches('" + Schedule.CRON + "')",
    messageExpression =
        "'scaling.schedules: start \"' + self.start + '\" is no cron line: write 5 fields (minute hour day month weekday), such as 0 8 * * MON-FRI'",
    message = "scaling.schedules[].start must be a cron line of 5 fields, such as 0 8 * * MON-FRI",
    fieldPath = ".start",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "self.end.matches('" + Schedule.CRON + "')",
    messageExpression =
        "'scaling.schedules: end \"' + self.end + '\" is no cron line: write 5 fields (minute hour day month weekday), such as 0 18 * * MON-FRI'",
    message = "scaling.schedules[].end must be a cron line of 5 fields, such as 0 18 * * MON-FRI",
    fieldPath = ".end",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "self.timeZone.matches('^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$')",
    messageExpression =
        "'scaling.schedules: timeZone \"' + self.timeZone + '\": write a name of the time zone database, such as Europe/Berlin or Etc/UTC'",
    message =
        "scaling.schedules[].timeZone must be a name of the time zone database, such as Europe/Berlin",
    fieldPath = ".timeZone",
    reason = "FieldValueInvalid")
public record Schedule(
    @Required
        @JsonPropertyDescription(
            "Name of the schedule, unique in the pool: 1 to 63 lower case letters, digits or dashes; decisions name it.")
        String name,
    @Required
        @JsonPropertyDescription(
            "When it begins: cron, 5 fields (minute hour day month weekday), such as 0 8 * * MON-FRI.")
        String start,
    @Required
        @JsonPropertyDescription(
            "When it ends: cron, 5 fields (minute hour day month weekday), such as 0 18 * * MON-FRI.")
        String end,
    @Default("Etc/UTC")
        @JsonPropertyDescription(
            "Time zone of start and end: a name of the time zone database, such as Europe/Berlin. With one that it does not have, the schedule is left out and Degraded says so.")
        String timeZone,
    @Required
        @Min(0)
        @Max(10000)
        @JsonPropertyDescription(
            "The pool has at least this many workers between start and end: 0 to 10000, at most spec.maxReplicas.")
        Integer minReplicas) {

  private static final String MINUTE = "[0-5]?[0-9]";
  private static final String HOUR = "([01]?[0-9]|2[0-3])";
  private static final String DAY = "(0?[1-9]|[12][0-9]|3[01])";
  private static final String MONTH =
      "(0?[1-9]|1[0-2]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)";
  private static final String WEEKDAY = "([0-7]|SUN|MON|TUE|WED|THU|FRI|SAT)";
  private static final String STEP = "(/[1-9][0-9]?)?";
  static final String CRON =
      "^([*]|" + MINUTE + "(-" + MINUTE + ")?)" + STEP + "(,([*]|" + MINUTE + "(-" + MINUTE + ")?)"
          + STEP + ")*" + " +([*]|" + HOUR + "(-" + HOUR + ")?)" + STEP + "(,([*]|" + HOUR + "(-"
          + HOUR + ")?)" + STEP + ")*" + " +([*]|" + DAY + "(-" + DAY + ")?)" + STEP + "(,([*]|"
          + DAY + "(-" + DAY + ")?)" + STEP + ")*" + " +([*]|" + MONTH + "(-" + MONTH + ")?)" + STEP
          + "(,([*]|" + MONTH + "(-" + MONTH + ")?)" + STEP + ")*" + " +([*]|" + WEEKDAY + "(-"
          + WEEKDAY + ")?)" + STEP + "(,([*]|" + WEEKDAY + "(-" + WEEKDAY + ")?)" + STEP + ")*$";

  public Schedule {
    timeZone = Absent.or(timeZone, "Etc/UTC");
  }
}
