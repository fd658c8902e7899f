package io.tensorfleet.cli.output;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.crds.WorkerPoolStatus.DecisionStatus;
import io.tensorfleet.crds.WorkerPoolStatus.QueueStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pools as a table, as a line, and the last decision about one in words. */
public final class PoolRows {
  private static final String UNKNOWN = "<unknown>";

  private PoolRows() {}

  /** The last decision, for {@code -o json}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Decision(
      String pool,
      @Nullable DecisionStatus decision,
      @Nullable QueueStatus queue,
      @Nullable String lastScaleTime,
      @Nullable String lastScaleReason,
      List<Condition> conditions) {}

  /** The columns of {@code kubectl get wp}, with the namespace. */
  public static Table table(List<WorkerPool> pools, Format format, Instant now) {
    var headings =
        new ArrayList<>(
            List.of(
                "NAMESPACE",
                "NAME",
                "DESIRED",
                "READY",
                "BUSY",
                "PENDING",
                "RUNNING",
                "MIN",
                "MAX",
                "MODE",
                "AGE"));
    if (format == Format.WIDE) {
      headings.addAll(List.of("UPDATED", "REVISION", "REASON"));
    }
    return new Table(headings, pools.stream().map(pool -> row(pool, format, now)).toList());
  }

  private static List<String> row(WorkerPool pool, Format format, Instant now) {
    var cells =
        new ArrayList<>(
            List.of(
                pool.getMetadata().getNamespace(),
                pool.getMetadata().getName(),
                status(pool, WorkerPoolStatus::desiredReplicas),
                status(pool, WorkerPoolStatus::readyReplicas),
                status(pool, WorkerPoolStatus::busyReplicas),
                queue(pool, QueueStatus::pending),
                queue(pool, QueueStatus::running),
                String.valueOf(pool.getSpec().minReplicas()),
                String.valueOf(pool.getSpec().maxReplicas()),
                String.valueOf(pool.getSpec().scaling().mode()),
                age(pool.getMetadata().getCreationTimestamp(), now)));
    if (format == Format.WIDE) {
      cells.add(status(pool, WorkerPoolStatus::updatedReplicas));
      cells.add(status(pool, WorkerPoolStatus::revision));
      cells.add(status(pool, WorkerPoolStatus::lastScaleReason));
    }
    return cells;
  }

  /** The pool in one line of the demo's screen. */
  public static String line(WorkerPool pool) {
    return "pool    %s  desired %s, ready %s, busy %s"
        .formatted(
            pool.getMetadata().getName(),
            status(pool, WorkerPoolStatus::desiredReplicas),
            status(pool, WorkerPoolStatus::readyReplicas),
            status(pool, WorkerPoolStatus::busyReplicas));
  }

  /** The last decision in one sentence; empty when there was none. */
  public static String sentence(WorkerPool pool) {
    return status(pool.getStatus(), WorkerPoolStatus::decision)
        .map(DecisionStatus::message)
        .orElse("");
  }

  public static Decision decision(WorkerPool pool) {
    var status = Optional.ofNullable(pool.getStatus()).orElseGet(WorkerPoolStatus::empty);
    return new Decision(
        name(pool),
        status.decision(),
        status.queue(),
        status.lastScaleTime(),
        status.lastScaleReason(),
        status.conditions());
  }

  /**
   * Why the pool has its size: the decision, when it may change, the last change, and what is
   * wrong.
   */
  public static String why(WorkerPool pool, Instant now) {
    var status = Optional.ofNullable(pool.getStatus()).orElseGet(WorkerPoolStatus::empty);
    var lines = new ArrayList<String>();
    var sentence = sentence(pool);
    lines.add(
        name(pool)
            + ": "
            + (sentence.isEmpty() ? "no decision yet; is the operator running?" : sentence));
    status(status, WorkerPoolStatus::decision)
        .map(DecisionStatus::mayChangeAt)
        .ifPresent(at -> lines.add("may change      " + when(at, now)));
    status(status, WorkerPoolStatus::lastScaleReason)
        .ifPresent(
            reason ->
                lines.add(
                    "last change     "
                        + when(orEmpty(status.lastScaleTime()), now)
                        + ": "
                        + reason));
    status.conditions().stream()
        .filter(PoolRows::worthSaying)
        .forEach(
            c -> lines.add("%-15s %s: %s".formatted(c.getType(), c.getStatus(), c.getMessage())));
    return String.join(System.lineSeparator(), lines);
  }

  private static boolean worthSaying(Condition condition) {
    return switch (condition.getType()) {
      case "Ready", "QueueReachable" -> !"True".equals(condition.getStatus());
      case "Progressing", "Degraded", "ScalingLimited", "Paused" ->
          "True".equals(condition.getStatus());
      default -> false;
    };
  }

  private static String when(String time, Instant now) {
    if (time.isEmpty()) {
      return "at an unknown time";
    }
    var seconds = Duration.between(now, Instant.parse(time));
    return seconds.isNegative() ? Text.age(seconds.negated()) + " ago" : "in " + Text.age(seconds);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String name(WorkerPool pool) {
    return pool.getMetadata().getNamespace() + "/" + pool.getMetadata().getName();
  }

  private static String age(@Nullable String created, Instant now) {
    return created == null ? UNKNOWN : Text.age(Duration.between(Instant.parse(created), now));
  }

  private static String status(
      WorkerPool pool, Function<WorkerPoolStatus, @Nullable Object> field) {
    return status(pool.getStatus(), field).map(String::valueOf).orElse(UNKNOWN);
  }

  private static String queue(WorkerPool pool, Function<QueueStatus, @Nullable Object> field) {
    return status(pool.getStatus(), WorkerPoolStatus::queue)
        .<Object>map(q -> field.apply(q))
        .map(String::valueOf)
        .orElse(UNKNOWN);
  }

  private static <T> Optional<T> status(
      @Nullable WorkerPoolStatus status, Function<WorkerPoolStatus, @Nullable T> field) {
    return status == null ? Optional.empty() : Optional.ofNullable(field.apply(status));
  }
}
