package io.tensorfleet.e2e.drill;

import com.google.protobuf.ByteString;

/**
 * How a door answered one bad input.
 *
 * @param outcome a gRPC code, an HTTP status, {@code closed}, {@code silent}, an exit status, or of
 *     an object that was taken: a condition's reason, {@code seen} or {@code unseen}
 * @param text what it said
 */
record Reply(Door door, String input, Expect expect, String outcome, String text) {
  enum Door {
    GRPC,
    HTTP,
    ENVIRONMENT,
    /** The API server, for the custom resource. */
    RESOURCE
  }

  /** What is right to expect of it. */
  enum Expect {
    /** Any answer that does not blame the program. */
    ANSWER,
    /** An error with a sentence. */
    REFUSAL,
    /** Taken, and a condition that says what is wrong. */
    CONDITION,
    /** As {@code ANSWER}; but it is not of the protocol, so that closing is an answer too. */
    GARBAGE
  }

  /** An input before it was tried. */
  record Input(String name, Expect expect, ByteString content) {
    static Input of(String name, Expect expect, byte[] content) {
      return new Input(name, expect, ByteString.copyFrom(content));
    }

    byte[] bytes() {
      return content.toByteArray();
    }

    Reply answered(Door door, String outcome, String text) {
      return new Reply(door, name, expect, outcome, text);
    }
  }
}
