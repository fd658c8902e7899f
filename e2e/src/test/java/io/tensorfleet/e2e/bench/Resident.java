package io.tensorfleet.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of a process, from Linux. */
final class Resident {
  private Resident() {}

  /** MB (10^6 bytes), two seconds from now. */
  static double atRest(long pid) throws IOException, InterruptedException {
    Thread.sleep(2_000);
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
      }
    }
    throw new IllegalStateException("process " + pid + " tells no VmRSS");
  }
}
