package io.tensorfleet.local.ground;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The programs of a real control plane.
 *
 * @param folder where they are
 * @param controllers whether there is a kube-controller-manager
 * @param scheduler whether there is a kube-scheduler
 */
public record Binaries(Path folder, boolean controllers, boolean scheduler) {
  private static final String VERSION = "v1.36.3";

  /** What a search found. */
  public sealed interface Search {
    /** There are such programs. */
    record Found(Binaries binaries) implements Search {}

    /** There are none; the sentence says where was looked and what to do. */
    record Missing(String why) implements Search {}
  }

  /** Looks where KUBEBUILDER_ASSETS says, else where {@code make kube} puts them. */
  public static Search find(Map<String, String> environment) {
    return find(environment, Files::isExecutable);
  }

  static Search find(Map<String, String> environment, Predicate<Path> executable) {
    var looked = new ArrayList<Path>();
    for (Path folder : folders(environment)) {
      looked.add(folder);
      if (executable.test(folder.resolve("etcd"))
          && executable.test(folder.resolve("kube-apiserver"))) {
        return new Search.Found(
            new Binaries(
                folder,
                executable.test(folder.resolve("kube-controller-manager")),
                executable.test(folder.resolve("kube-scheduler"))));
      }
    }
    return new Search.Missing(
        "no etcd and kube-apiserver in "
            + looked
            + ": run `make kube` (needs Go, about 4 minutes, once) or set KUBEBUILDER_ASSETS");
  }

  private static List<Path> folders(Map<String, String> environment) {
    var folders = new ArrayList<Path>();
    set(environment, "KUBEBUILDER_ASSETS").map(Path::of).ifPresent(folders::add);
    Path cache =
        set(environment, "XDG_CACHE_HOME")
            .map(Path::of)
            .orElseGet(() -> Path.of(environment.getOrDefault("HOME", "/"), ".cache"));
    String version = set(environment, "KUBE_VERSION").orElse(VERSION);
    folders.add(cache.resolve("tensorfleet").resolve("kube-" + version).resolve("bin"));
    return folders;
  }

  private static Optional<String> set(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  Path program(String name) {
    return folder.resolve(name);
  }
}
