package io.tensorfleet.orchestrator.store;

import com.google.protobuf.util.Durations;
import io.tensorfleet.orchestrator.core.Expansion;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.TaskGroup;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes jobs: one transaction, whatever the number of tasks. */
public final class JobStore {
  /** More waiting tasks than this in one queue and a submit is refused. */
  public static final long QUEUE_LIMIT = 5_000_000;

  private static final String INSERT_JOB =
      """
      INSERT INTO jobs (job_id, request_id, user_id, queue, priority, total, deadline_at)
      VALUES (?, ?, ?, ?, ?, ?, now() + ? * interval '1 millisecond') ON CONFLICT DO NOTHING RETURNING job_no
      """;
  private static final String CLASS =
      """
      INSERT INTO classes (queue, model_type, requires) VALUES (?, ?, ?)
      ON CONFLICT (queue, model_type, requires) DO UPDATE SET queue = excluded.queue RETURNING class_id
      """;
  private static final String INSERT_GROUPS =
      """
      INSERT INTO task_groups (job_no, first_idx, tasks, class_id, body)
      SELECT ?, first_idx, tasks, class_id, body FROM unnest(?, ?, ?, ?) AS x(first_idx, tasks, class_id, body)
      """;
  private static final String INSERT_TASKS =
      """
      INSERT INTO tasks (job_no, idx, class_id) SELECT job_no, i, class_id FROM task_groups g
      CROSS JOIN LATERAL generate_series(g.first_idx, g.first_idx + g.tasks - 1) AS i WHERE job_no = ?
      """;
  private static final String INSERT_COUNTS =
      "INSERT INTO counts (job_no, class_id, queue, priority, waiting) VALUES (?, ?, ?, ?, ?)";

  /** What a submit came to. */
  public sealed interface Submitted {
    record Made(String jobId, long jobNo, int tasks) implements Submitted {}

    /** The request id was known. */
    record Known(String jobId, int tasks) implements Submitted {}

    /** Another request has taken the job id. */
    record Taken(String jobId) implements Submitted {}

    /** So many tasks wait in the queue already. */
    record Full(String queue, long waiting) implements Submitted {}
  }

  private final Database database;

  public JobStore(Database database) {
    this.database = database;
  }

  /** The request must have been checked. */
  public Submitted submit(SubmitRequest request) {
    return database.transact(c -> submit(c, request));
  }

  private static Submitted submit(Connection c, SubmitRequest request) throws SQLException {
    Optional<Submitted> known = known(c, request.getRequestId());
    if (known.isPresent()) {
      return known.get();
    }
    String queue = request.getQueue().isEmpty() ? "default" : request.getQueue();
    long waiting = waiting(c, queue);
    int total = Math.toIntExact(request.getGroupsList().stream().mapToLong(Expansion::size).sum());
    if (waiting + total > QUEUE_LIMIT) {
      return new Submitted.Full(queue, waiting);
    }
    String jobId = request.getJobId().isEmpty() ? generatedId() : request.getJobId();
    Optional<Long> jobNo = insertJob(c, request, queue, jobId, total);
    if (jobNo.isEmpty()) {
      return known(c, request.getRequestId()).orElseGet(() -> new Submitted.Taken(jobId));
    }
    insertTasks(c, request, queue, jobNo.get());
    new Signal.Work().send(c);
    new Signal.QueueChanged(queue).send(c);
    return new Submitted.Made(jobId, jobNo.get(), total);
  }

  private static Optional<Submitted> known(Connection c, String requestId) throws SQLException {
    if (requestId.isEmpty()) {
      return Optional.empty();
    }
    return Sql.first(
        c,
        "SELECT job_id, total FROM jobs WHERE request_id = ?",
        r -> new Submitted.Known(r.getString(1), r.getInt(2)),
        requestId);
  }

  private static long waiting(Connection c, String queue) throws SQLException {
    return Sql.first(
            c,
            "SELECT coalesce(sum(waiting + delayed), 0) FROM counts WHERE active AND queue = ?",
            r -> r.getLong(1),
            queue)
        .orElse(0L);
  }

  private static Optional<Long> insertJob(
      Connection c, SubmitRequest request, String queue, String jobId, int total)
      throws SQLException {
    @Nullable Long deadline =
        request.hasDeadline() ? Durations.toMillis(request.getDeadline()) : null;
    return Sql.first(
        c,
        INSERT_JOB,
        r -> r.getLong(1),
        jobId,
        request.getRequestId().isEmpty() ? null : request.getRequestId(),
        request.getUserId(),
        queue,
        request.getPriority(),
        total,
        deadline);
  }

  private static void insertTasks(Connection c, SubmitRequest request, String queue, long jobNo)
      throws SQLException {
    Map<Integer, Integer> tasksByClass = new TreeMap<>();
    Map<ClassKey, Integer> classes = new HashMap<>();
    List<JobInfo.Group> groups = new ArrayList<>();
    int first = 0;
    for (TaskGroup group : request.getGroupsList()) {
      int size = Math.toIntExact(Expansion.size(group));
      ClassKey key =
          new ClassKey(group.getTemplate().getModelType(), group.getTemplate().getRequires());
      Integer classId = classes.get(key);
      if (classId == null) {
        classId = classOf(c, queue, group);
        classes.put(key, classId);
      }
      groups.add(new JobInfo.Group(first, size, classId, group));
      tasksByClass.merge(classId, size, Integer::sum);
      first += size;
    }
    insert(c, jobNo, groups);
    for (Map.Entry<Integer, Integer> one : tasksByClass.entrySet()) {
      Sql.update(
          c, INSERT_COUNTS, jobNo, one.getKey(), queue, request.getPriority(), one.getValue());
    }
  }

  private record ClassKey(String modelType, Requirements requires) {}

  private static void insert(Connection c, long jobNo, List<JobInfo.Group> groups)
      throws SQLException {
    Sql.update(
        c,
        INSERT_GROUPS,
        jobNo,
        Sql.ints(c, groups, JobInfo.Group::firstIndex),
        Sql.ints(c, groups, JobInfo.Group::tasks),
        Sql.ints(c, groups, JobInfo.Group::classId),
        Sql.blobs(c, groups, g -> g.body().toByteArray()));
    Sql.update(c, INSERT_TASKS, jobNo);
  }

  private static int classOf(Connection c, String queue, TaskGroup group) throws SQLException {
    String model = group.getTemplate().getModelType();
    byte[] requires = Canonical.bytes(group.getTemplate().getRequires());
    Optional<Integer> known =
        Sql.first(
            c,
            "SELECT class_id FROM classes WHERE queue = ? AND model_type = ? AND requires = ?",
            r -> r.getInt(1),
            queue,
            model,
            requires);
    return known.isPresent()
        ? known.get()
        : Sql.first(c, CLASS, r -> r.getInt(1), queue, model, requires).orElseThrow();
  }

  /** Short enough to be read and typed: 60 random bits. */
  private static String generatedId() {
    return "job-" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
  }
}
