package io.tensorfleet.cli.demo;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.QueueSnapshot;

/** Something the demo saw. */
public sealed interface DemoEvent {
  record PoolSeen(WorkerPool pool) implements DemoEvent {}

  record PodSeen(String name) implements DemoEvent {}

  record PodGone(String name) implements DemoEvent {}

  record JobSeen(Job job) implements DemoEvent {}

  record QueueSeen(QueueSnapshot queue) implements DemoEvent {}

  /** Time passed; nothing else happened. */
  record Tick() implements DemoEvent {}

  /** A stream or a watch broke for good. */
  record Broken(String what) implements DemoEvent {}
}
