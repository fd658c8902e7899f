package io.tensorfleet.crds;

/** Parts of CEL rules that several records share. */
final class Rules {
  /** A Go duration of at most five parts, which is never longer than a worker takes. */
  static final String DURATION =
      "^([0-9]{1,9}([.][0-9]{1,9})?(ns|us|ms|s)|[0-9]{1,7}([.][0-9]{1,9})?m|[0-9]{1,5}([.][0-9]{1,9})?h){1,5}$";

  /** What a duration has that is above zero. */
  static final String ABOVE_ZERO = "[1-9]";

  static final String WRITE_DURATION =
      ": write a duration above zero and below 100000h with units (ms, s, m, h), such as ";

  static final String PORT =
      "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})";

  private Rules() {}
}
