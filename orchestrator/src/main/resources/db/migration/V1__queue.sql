-- The queue. States of a task: 1 waiting, 2 running, 3 completed, 4 failed, 5 cancelled, 6 expired, 7 delayed (back-off).
-- States of a job: 1 pending, 2 running, 3 completed, 4 failed, 5 cancelled.
-- Locks are taken in this order, so that no two statements wait for one another: tasks (by job_no, idx), workers, counts, jobs.
-- A claim and a cordon lock the worker's row first; the claim's lock does not conflict with writes to that row, and it skips locked tasks.

CREATE TABLE jobs (
  job_no      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id      text NOT NULL UNIQUE,
  request_id  text UNIQUE,
  user_id     text NOT NULL,
  queue       text NOT NULL,
  priority    smallint NOT NULL,
  state       smallint NOT NULL DEFAULT 1,
  total       integer NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  started_at  timestamptz,
  finished_at timestamptz,
  deadline_at timestamptz,
  message     text NOT NULL DEFAULT '',
  last_loss     double precision,
  last_accuracy double precision
) WITH (fillfactor = 70);
CREATE INDEX jobs_open ON jobs (deadline_at) WHERE state < 3;
CREATE INDEX jobs_by_queue ON jobs (queue, job_no DESC);

-- What tasks ask for: everything that matching and the operator need to know of a task.
CREATE TABLE classes (
  class_id     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue        text NOT NULL,
  model_type   text NOT NULL,
  requires     bytea NOT NULL,
  mean_seconds double precision NOT NULL DEFAULT 0,
  UNIQUE (queue, model_type, requires)
) WITH (fillfactor = 50);

-- A group as it was submitted; the specification of each of its tasks is computed from it.
CREATE TABLE task_groups (
  job_no    bigint NOT NULL REFERENCES jobs,
  first_idx integer NOT NULL,
  tasks     integer NOT NULL,
  class_id  integer NOT NULL REFERENCES classes,
  body      bytea NOT NULL,
  PRIMARY KEY (job_no, first_idx)
);

-- One worker process each; current marks the newest of a worker id.
CREATE TABLE workers (
  session_no      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  worker_id       text NOT NULL,
  incarnation     text NOT NULL,
  current         boolean NOT NULL DEFAULT true,
  orchestrator    text NOT NULL,
  stream_no       bigint NOT NULL,
  connected       boolean NOT NULL DEFAULT true,
  connected_at    timestamptz NOT NULL DEFAULT now(),
  disconnected_at timestamptz,
  draining        boolean NOT NULL DEFAULT false,
  cordoned        boolean NOT NULL DEFAULT false,
  old_wire        boolean NOT NULL DEFAULT false,
  hello           bytea NOT NULL,
  queues          text[] NOT NULL,
  slots           integer NOT NULL,
  tasks_completed bigint NOT NULL DEFAULT 0,
  last_heartbeat  timestamptz NOT NULL DEFAULT now(),
  cpu_percent     double precision NOT NULL DEFAULT 0,
  memory_bytes    bigint NOT NULL DEFAULT 0,
  uptime_seconds  bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX workers_current ON workers (worker_id) WHERE current;
CREATE SEQUENCE stream_numbers;

CREATE TABLE tasks (
  job_no         bigint NOT NULL,
  idx            integer NOT NULL,
  class_id       integer NOT NULL,
  state          smallint NOT NULL DEFAULT 1,
  attempt        smallint NOT NULL DEFAULT 0,
  spent          smallint NOT NULL DEFAULT 0,
  deaths         smallint NOT NULL DEFAULT 0,
  epochs_done    integer NOT NULL DEFAULT 0,
  fence          bigint NOT NULL DEFAULT 0,
  session_no     bigint,
  not_before     timestamptz,
  lease_until    timestamptz,
  run_until      timestamptz,
  progress_until timestamptz,
  started_at     timestamptz,
  finished_at    timestamptz,
  metrics        bytea,
  checkpoint     bytea,
  artifact       bytea,
  error          text,
  PRIMARY KEY (job_no, idx)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX tasks_waiting ON tasks (job_no, class_id, idx) WHERE state = 1;
CREATE INDEX tasks_running ON tasks (session_no) WHERE state = 2;
CREATE INDEX tasks_delayed ON tasks (not_before) WHERE state = 7;
CREATE INDEX tasks_failed ON tasks (job_no, idx) WHERE state = 4;

-- Kept in the transactions that move the tasks, so that reading a queue costs the same however many have finished.
CREATE TABLE counts (
  job_no       bigint NOT NULL,
  class_id     integer NOT NULL,
  queue        text NOT NULL,
  priority     smallint NOT NULL,
  active       boolean NOT NULL DEFAULT true,
  waiting      integer NOT NULL DEFAULT 0,
  delayed      integer NOT NULL DEFAULT 0,
  running      integer NOT NULL DEFAULT 0,
  completed    integer NOT NULL DEFAULT 0,
  failed       integer NOT NULL DEFAULT 0,
  cancelled    integer NOT NULL DEFAULT 0,
  expired      integer NOT NULL DEFAULT 0,
  run_again    integer NOT NULL DEFAULT 0,
  done_seconds double precision NOT NULL DEFAULT 0,
  best_loss    double precision,
  best_idx     integer,
  PRIMARY KEY (job_no, class_id)
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
CREATE INDEX counts_active ON counts (queue, priority DESC, job_no) WHERE active;

CREATE TABLE task_logs (
  job_no  bigint NOT NULL,
  idx     integer NOT NULL,
  line_no bigint GENERATED ALWAYS AS IDENTITY,
  attempt smallint NOT NULL,
  at      timestamptz NOT NULL DEFAULT now(),
  text    text NOT NULL,
  PRIMARY KEY (job_no, idx, line_no)
);
