package io.tensorfleet.worker.machine;

import io.tensorfleet.worker.core.Capacity;
import io.tensorfleet.worker.core.CgroupFolders;
import io.tensorfleet.worker.core.CgroupFolders.Version;
import io.tensorfleet.worker.core.CgroupTexts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the limits that control groups of version 1, 2 or both set on this process. A file that is
 * missing, or says something else than the kernel would, sets none.
 *
 * @param root the folder that holds {@code proc} and {@code sys}: {@code /}, or a test's
 */
public record LimitsReader(Path root) {
  private static final int MAX_BYTES = 1 << 20;

  private record Folder(Version version, String path) {}

  public Capacity.Limits limits() {
    return new Capacity.Limits(
        folders("cpu").flatMap(f -> quota(f).stream()).reduce(Math::min),
        Stream.concat(
                folders("cpuset").flatMap(f -> cpus(f).stream()).limit(1), allowedCpus().stream())
            .reduce(Math::min),
        folders("memory").flatMap(f -> memory(f).stream()).reduce(Math::min));
  }

  /** All memory of the machine, in bytes. */
  public Optional<Long> machineMemory() {
    return text("/proc/meminfo").flatMap(text -> CgroupTexts.meminfo("MemTotal", text));
  }

  private Optional<Integer> allowedCpus() {
    return text("/proc/self/status")
        .flatMap(status -> CgroupTexts.line("Cpus_allowed_list", status))
        .flatMap(CgroupTexts::cpus);
  }

  private Stream<Folder> folders(String controller) {
    return CgroupFolders.of(
            controller,
            text("/proc/self/cgroup").orElse(""),
            text("/proc/self/mountinfo").orElse(""))
        .stream()
        .flatMap(folders -> folders.paths().stream().map(p -> new Folder(folders.version(), p)));
  }

  private Optional<Double> quota(Folder folder) {
    return switch (folder.version()) {
      case V1 ->
          text(folder.path() + "/cpu.cfs_quota_us")
              .flatMap(
                  quota ->
                      text(folder.path() + "/cpu.cfs_period_us")
                          .flatMap(period -> CgroupTexts.cores(quota, period)));
      case V2 -> text(folder.path() + "/cpu.max").flatMap(CgroupTexts::cpuMax);
    };
  }

  private Optional<Integer> cpus(Folder folder) {
    return Stream.of("cpuset.cpus.effective", "cpuset.effective_cpus", "cpuset.cpus")
        .flatMap(name -> text(folder.path() + "/" + name).stream())
        .flatMap(text -> CgroupTexts.cpus(text).stream())
        .findFirst();
  }

  private Optional<Long> memory(Folder folder) {
    String name = folder.version() == Version.V1 ? "/memory.limit_in_bytes" : "/memory.max";
    return text(folder.path() + name).flatMap(CgroupTexts::memory);
  }

  private Optional<String> text(String absolute) {
    try (InputStream file = Files.newInputStream(root.resolve(absolute.substring(1)))) {
      return Optional.of(new String(file.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
    } catch (IOException | InvalidPathException _) {
      return Optional.empty();
    }
  }
}
