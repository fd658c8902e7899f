package io.tensorfleet.worker.machine;

import io.tensorfleet.worker.core.GpuUse;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GPUs of this machine. Without the driver's device files nothing is loaded and no thread is
 * begun. With them the library is asked on a thread of its own, so that no caller ever waits for a
 * GPU that hangs; only {@link #count} waits, for at most 2 s. Thread-safe.
 */
public final class Gpus implements Supplier<List<GpuUse>>, AutoCloseable {
  /** What the dynamic linker calls the library. */
  public static final String LIBRARY = "libnvidia-ml.so.1";

  private static final Logger LOG = LoggerFactory.getLogger(Gpus.class);
  private static final long FRESH = Duration.ofMillis(500).toNanos();
  private static final long STALE = Duration.ofSeconds(10).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final LongSupplier nanos;
  private final int files;
  private final Optional<ExecutorService> thread;
  private final CompletableFuture<Optional<Nvml>> library = new CompletableFuture<>();
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Sample last;

  private record Sample(List<GpuUse> use, long at) {}

  /**
   * Begins to look.
   *
   * @param root the folder that holds {@code dev}: {@code /}, or a test's
   * @param name of NVML's library, or its path
   */
  public Gpus(Path root, String name, LongSupplier nanos) {
    this.nanos = nanos;
    this.files = devices(root, "nvidia[0-9]*");
    this.last = new Sample(List.of(), nanos.getAsLong() - FRESH);
    boolean driver = files + devices(root, "{nvidiactl,dxg}") > 0;
    this.thread =
        driver
            ? Optional.of(
                Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("gpus").factory()))
            : Optional.empty();
    thread.ifPresent(t -> t.execute(() -> open(name)));
  }

  private void open(String name) {
    Optional<Nvml> opened = Optional.empty();
    try {
      opened = Nvml.open(name);
      opened.ifPresentOrElse(
          nvml -> LOG.info("GPUs: {}", nvml.names()),
          () -> LOG.debug("{} is not there: GPUs are counted by their device files", name));
    } finally {
      library.complete(opened);
    }
  }

  /** As the library counts; without it, or where it takes too long, as there are device files. */
  public int count() {
    if (thread.isEmpty()) {
      return files;
    }
    return library
        .thenApplyAsync(nvml -> nvml.flatMap(Nvml::count), thread.get())
        .completeOnTimeout(Optional.empty(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(_ -> Optional.empty())
        .join()
        .orElse(files);
  }

  /**
   * What was used of each when it was last read; empty without the library. Returns at once; what
   * is older than half a second is read anew for the next call, older than 10 s is not told.
   */
  @Override
  public List<GpuUse> get() {
    long now = nanos.getAsLong();
    Sample sample = last;
    if (now - sample.at() >= FRESH) {
      thread.ifPresent(this::ask);
    }
    return now - sample.at() > STALE ? List.of() : sample.use();
  }

  private void ask(ExecutorService asked) {
    if (library.getNow(Optional.empty()).isPresent() && asking.compareAndSet(false, true)) {
      try {
        asked.execute(this::read);
      } catch (RejectedExecutionException _) {
        asking.set(false);
      }
    }
  }

  private void read() {
    try {
      List<GpuUse> use = library.join().map(Nvml::use).orElse(List.of());
      last = new Sample(use, nanos.getAsLong());
    } finally {
      asking.set(false);
    }
  }

  private static int devices(Path root, String glob) {
    int count = 0;
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(root.resolve("dev"), glob)) {
      for (Path _ : devices) {
        count++;
      }
    } catch (IOException _) {
      return 0;
    }
    return count;
  }

  /** Lets go of the library, unless it hangs. */
  @Override
  public void close() {
    thread.ifPresent(
        t -> {
          t.execute(() -> library.getNow(Optional.empty()).ifPresent(Nvml::close));
          t.shutdown();
          try {
            var _ = t.awaitTermination(1, TimeUnit.SECONDS);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
