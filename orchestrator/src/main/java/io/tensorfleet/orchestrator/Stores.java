package io.tensorfleet.orchestrator;

import io.tensorfleet.orchestrator.store.Catalog;
import io.tensorfleet.orchestrator.store.ClaimStore;
import io.tensorfleet.orchestrator.store.CordonStore;
import io.tensorfleet.orchestrator.store.Database;
import io.tensorfleet.orchestrator.store.HeldLeases;
import io.tensorfleet.orchestrator.store.JobEndStore;
import io.tensorfleet.orchestrator.store.JobReads;
import io.tensorfleet.orchestrator.store.JobStore;
import io.tensorfleet.orchestrator.store.LeaseStore;
import io.tensorfleet.orchestrator.store.ResultStore;
import io.tensorfleet.orchestrator.store.SnapshotStore;
import io.tensorfleet.orchestrator.store.SweepStore;
import io.tensorfleet.orchestrator.store.TaskReads;
import io.tensorfleet.orchestrator.store.TotalsStore;
import io.tensorfleet.orchestrator.store.TransitionStore;
import io.tensorfleet.orchestrator.store.WorkerReads;
import io.tensorfleet.orchestrator.store.WorkerStore;
import java.util.random.RandomGenerator;

/** All stores over one database. */
record Stores(
    JobStore jobs,
    JobReads jobReads,
    JobEndStore jobEnds,
    TaskReads tasks,
    ClaimStore claims,
    LeaseStore leases,
    ResultStore results,
    SweepStore sweeps,
    SnapshotStore snapshots,
    WorkerStore workers,
    HeldLeases heldLeases,
    WorkerReads workerReads,
    CordonStore cordons,
    TotalsStore totals) {

  static Stores of(OrchestratorConfig config, Database database) {
    Catalog catalog = new Catalog();
    TransitionStore transitions =
        new TransitionStore(catalog, config.maxRetries() + 1, RandomGenerator.getDefault());
    return new Stores(
        new JobStore(database),
        new JobReads(database),
        new JobEndStore(database),
        new TaskReads(database, catalog),
        new ClaimStore(database, catalog, config.lease(), config.taskTimeout()),
        new LeaseStore(database, catalog, config.lease()),
        new ResultStore(database, catalog, transitions),
        new SweepStore(
            database,
            transitions,
            new SweepStore.Times(config.reconnectWindow(), config.lease(), config.workerTimeout())),
        new SnapshotStore(database),
        new WorkerStore(database, config.orchestratorId()),
        new HeldLeases(database, catalog, transitions),
        new WorkerReads(database),
        new CordonStore(database),
        new TotalsStore(database));
  }
}
