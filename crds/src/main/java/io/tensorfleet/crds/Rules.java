package io.tensorfleet.crds;

/** Parts of CEL rules that several records share. */
final class Rules {
  /** A duration above zero, as text inside a CEL string. */
  static final String DURATION =
      "^([0-9]+([.][0-9]+)?(ns|us|ms|s|m|h))*0*[1-9][0-9]*([.][0-9]+)?(ns|us|ms|s|m|h)([0-9]+([.][0-9]+)?(ns|us|ms|s|m|h))*$";

  /** A duration, zero included. */
  static final String DURATION_OR_ZERO = "^(0|([0-9]+([.][0-9]+)?(ns|us|ms|s|m|h))+)$";

  static final String WRITE_DURATION =
      ": write a duration above zero with units (ms, s, m, h), such as ";

  private Rules() {}
}
