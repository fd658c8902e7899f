package io.tensorfleet.orchestrator.core;

/** So many tasks of one job and class for one session. */
public record Share(long sessionNo, long jobNo, int classId, int tasks) {}
