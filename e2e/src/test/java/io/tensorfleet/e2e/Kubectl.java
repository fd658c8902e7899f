package io.tensorfleet.e2e;

import io.tensorfleet.local.ground.Binaries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** kubectl, and any other program, as a person runs it. */
public record Kubectl(Path kubeconfig, String namespace) {
  private static final long LIMIT_SECONDS = 120;

  /** What a program did; standard output and error as one text. */
  public record Ran(int status, String text) {}

  /** Runs it, whatever becomes of it. */
  public Ran run(String... words) {
    if (!(Binaries.find(System.getenv()) instanceof Binaries.Search.Found(Binaries found))) {
      throw new IllegalStateException("there is no kubectl without the control plane's programs");
    }
    List<String> command = new ArrayList<>();
    command.add(found.folder().resolve("kubectl").toString());
    command.addAll(List.of("--kubeconfig", kubeconfig.toString(), "--namespace", namespace));
    command.addAll(List.of(words));
    return program(command);
  }

  /** Runs it, which must succeed. */
  public String ok(String... words) {
    Ran ran = run(words);
    if (ran.status() != 0) {
      throw new AssertionError("kubectl " + String.join(" ", words) + ": " + ran);
    }
    return ran.text();
  }

  /** A file with this text, for {@code -f}. */
  public static String file(Path folder, String text) {
    try {
      return Files.writeString(Files.createTempFile(folder, "object", ".yaml"), text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Ran program(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " did not end: " + text);
      }
      return new Ran(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
