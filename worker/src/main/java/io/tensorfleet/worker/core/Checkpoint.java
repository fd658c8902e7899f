package io.tensorfleet.worker.core;

import io.tensorfleet.proto.v1.ArtifactRef;

/** From which another attempt can go on. Its reference may cost something: ask when it is sent. */
@FunctionalInterface
public interface Checkpoint {
  ArtifactRef ref();
}
