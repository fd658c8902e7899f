package io.tensorfleet.worker;

/** How the program's process ends. */
enum ExitStatus {
  DONE(0, "it drained because the orchestrator asked it to"),
  FAILED(
      1,
      "it cannot go on: a port is taken, a newer process has its name, too many trainers cannot be"
          + " stopped"),
  WRONG_SETTINGS(2, "a setting or an argument is wrong; each is named on a line of its own"),
  INTERRUPTED(130, "it drained after SIGINT"),
  TERMINATED(143, "it drained after SIGTERM");

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
