package io.tensorfleet.e2e.drill;

import io.tensorfleet.e2e.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What promtool's linter says of a page of metrics. */
final class PromLint {
  private static final int NO_GO = 4;

  private PromLint() {}

  /**
   * Empty when it has nothing to say, or when the linter cannot be built here, which is no error
   * outside CI.
   */
  static String said(String page, Path folder) throws IOException, InterruptedException {
    Path input = Files.writeString(folder.resolve("metrics-page"), page);
    Process linter =
        new ProcessBuilder(Repository.root().resolve("e2e/promlint/lint.sh").toString())
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(linter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = linter.waitFor();
    if (status == NO_GO && System.getenv("CI") == null) {
      System.err.println("drill: the metrics were not linted: " + said);
      return "";
    }
    return status == 0 ? said : said + " (status " + status + ")";
  }
}
