package io.tensorfleet.orchestrator.store;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.tensorfleet.proto.v1.ArtifactRef;
import io.tensorfleet.proto.v1.Metrics;
import org.jspecify.annotations.Nullable;

/** Reads messages that are stored as bytes. */
final class Blobs {
  private Blobs() {}

  static <T> T parse(Parser<T> parser, byte @Nullable [] bytes) {
    try {
      return parser.parseFrom(bytes == null ? new byte[0] : bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored message cannot be read", e);
    }
  }

  static ArtifactRef artifact(byte @Nullable [] bytes) {
    return parse(ArtifactRef.parser(), bytes);
  }

  static Metrics metrics(byte @Nullable [] bytes) {
    return parse(Metrics.parser(), bytes);
  }
}
