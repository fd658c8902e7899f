package io.tensorfleet.orchestrator.core;

import io.tensorfleet.proto.v1.Requirements;

/**
 * Waiting tasks of one job and class.
 *
 * @param running how many tasks of the job's class run already, on any worker
 */
public record Demand(
    long jobNo,
    int classId,
    String queue,
    int priority,
    int waiting,
    int running,
    Requirements requires) {}
