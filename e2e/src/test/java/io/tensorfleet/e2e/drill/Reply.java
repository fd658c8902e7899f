package io.tensorfleet.e2e.drill;

import com.google.protobuf.ByteString;

/**
 * How a door answered one bad input.
 *
 * @param outcome a gRPC code, an HTTP status, {@code closed}, {@code silent}, or an exit status
 * @param text what it said
 */
record Reply(Door door, String input, Expect expect, String outcome, String text) {
  enum Door {
    GRPC,
    HTTP,
    ENVIRONMENT
  }

  /** What is right to expect of it. */
  enum Expect {
    /** Any answer that does not blame the program. */
    ANSWER,
    /** An error with a sentence. */
    REFUSAL,
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
