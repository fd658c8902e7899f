package io.tensorfleet.worker.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The folders in which the limits of one controller stand, from the process's own group up to the
 * mount. Read from the texts of {@code /proc/self/cgroup} and {@code /proc/self/mountinfo}; lines
 * that are none are passed over.
 *
 * @param paths absolute, the nearest first; at least one
 */
public record CgroupFolders(Version version, List<String> paths) {
  private static final int MAX_DEPTH = 64;

  /** Of control groups: v1 has a tree for each controller, v2 one for all. */
  public enum Version {
    V1,
    V2
  }

  private record Mount(String root, String point, String type, List<String> options) {}

  public CgroupFolders {
    paths = List.copyOf(paths);
  }

  /** A controller that v1 holds is not in v2's tree, also where both are mounted. */
  public static Optional<CgroupFolders> of(String controller, String groups, String mounts) {
    return folders(Version.V1, controller, groups, mounts)
        .or(() -> folders(Version.V2, "", groups, mounts));
  }

  private static Optional<CgroupFolders> folders(
      Version version, String controller, String groups, String mounts) {
    return group(controller, groups)
        .flatMap(
            path ->
                mount(version, controller, path, mounts)
                    .map(mount -> new CgroupFolders(version, upwards(mount, path))));
  }

  /** The line {@code 0::PATH} is v2's: its list of controllers is empty. */
  private static Optional<String> group(String controller, String groups) {
    return groups
        .lines()
        .map(line -> line.split(":", 3))
        .filter(parts -> parts.length == 3 && parts[2].startsWith("/"))
        .filter(parts -> Arrays.asList(parts[1].split(",", -1)).contains(controller))
        .map(parts -> parts[2])
        .findFirst();
  }

  /** Of several mounts the one that shows the group with the least above it. */
  private static Optional<Mount> mount(
      Version version, String controller, String path, String mounts) {
    String type = version == Version.V1 ? "cgroup" : "cgroup2";
    List<Mount> fitting =
        mounts
            .lines()
            .flatMap(line -> mountOf(line).stream())
            .filter(mount -> mount.type().equals(type))
            .filter(mount -> version == Version.V2 || mount.options().contains(controller))
            .toList();
    return fitting.stream()
        .filter(mount -> below(mount.root(), path).isPresent())
        .reduce((a, b) -> b.root().length() > a.root().length() ? b : a)
        .or(() -> fitting.stream().findFirst());
  }

  /** {@code id parent device root point options … - type source options}. */
  private static Optional<Mount> mountOf(String line) {
    int dash = line.indexOf(" - ");
    String[] left = line.substring(0, Math.max(0, dash)).split(" ", -1);
    String[] right = line.substring(dash + 1).split(" ", -1);
    if (dash < 0 || left.length < 6 || right.length < 4 || !left[4].startsWith("/")) {
      return Optional.empty();
    }
    List<String> options = List.of(right[3].split(",", -1));
    return Optional.of(new Mount(unescaped(left[3]), unescaped(left[4]), right[1], options));
  }

  /** The kernel writes blanks and backslashes in three octal digits. */
  private static String unescaped(String text) {
    return text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }

  /** The part of a group's path below the root of a mount, without slashes at its ends. */
  private static Optional<String> below(String root, String path) {
    String prefix = root.equals("/") ? "" : root;
    if (List.of(path.split("/", -1)).contains("..")) {
      return Optional.empty();
    }
    return path.equals(prefix) || path.startsWith(prefix + "/")
        ? Optional.of(path.substring(prefix.length()).replaceAll("^/+|/+$", ""))
        : Optional.empty();
  }

  /** A group that the mount does not show leaves the mount's own folder. */
  private static List<String> upwards(Mount mount, String path) {
    String point = mount.point().equals("/") ? "" : mount.point();
    String rest = below(mount.root(), path).orElse("");
    List<String> paths = new ArrayList<>();
    while (!rest.isEmpty() && paths.size() < MAX_DEPTH) {
      paths.add(point + "/" + rest);
      rest = rest.contains("/") ? rest.substring(0, rest.lastIndexOf('/')) : "";
    }
    paths.add(mount.point());
    return paths;
  }
}
