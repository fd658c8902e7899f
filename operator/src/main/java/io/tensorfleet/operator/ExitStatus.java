package io.tensorfleet.operator;

/** How the program's process ends. */
enum ExitStatus {
  DONE(0, "it told what it was asked: --help, --version"),
  FAILED(
      1,
      "it cannot go on: a port is taken, pools cannot be listed at the start, another operator has taken its Lease, or it"
          + " cannot keep it any more"),
  WRONG_SETTINGS(2, "a setting or an argument is wrong; each is named on a line of its own"),
  TERMINATED(143, "it gave its Lease back after SIGTERM");

  private final int code;
  private final String meaning;

  ExitStatus(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  int code() {
    return code;
  }

  String meaning() {
    return meaning;
  }
}
