package io.tensorfleet.e2e.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs drills by their names, or all. Each ends with one line on standard output; the exit status
 * is 0 when all held or were skipped, 1 when one did not hold, 2 for a name that there is not.
 */
public final class Drills {
  private static final Map<String, Drill> ALL = new LinkedHashMap<>();

  static {
    ALL.put("drain", new DrainDrill());
    ALL.put("drain-overrun", new DrainOverrunDrill());
    ALL.put("zombie", new ZombieDrill());
    ALL.put("cancel-timeout", new CancelTimeoutDrill());
    ALL.put("half-open", new HalfOpenDrill());
    ALL.put("log-injection", new LogInjectionDrill());
    ALL.put("bad-input", new BadInputDrill());
    ALL.put("rollout", new RolloutDrill());
    ALL.put("scale-down", new ScaleDownDrill());
    ALL.put("fail-static", new FailStaticDrill());
    ALL.put("bad-input-pools", new BadPoolsDrill());
    ALL.put("leader", new LeaderDrill());
    ALL.put("rbac", new RbacDrill());
    ALL.put("pod-security", new PodSecurityDrill());
    ALL.put("operator-crash", new OperatorCrashDrill());
    ALL.put("api-chaos", new ApiChaosDrill());
    ALL.put("quota", new QuotaDrill());
  }

  private Drills() {}

  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  public static void main(String[] arguments) throws IOException {
    var wanted = arguments.length == 0 ? names() : Arrays.asList(arguments);
    var unknown = wanted.stream().filter(name -> !ALL.containsKey(name)).toList();
    if (!unknown.isEmpty()) {
      System.err.println("no drill " + unknown + "; there are " + names());
      System.exit(2);
    }
    System.exit(runAll(wanted) ? 0 : 1);
  }

  private static boolean runAll(List<String> wanted) throws IOException {
    boolean good = true;
    Path folder = Files.createTempDirectory("drills");
    try (var ground = Ground.open(folder)) {
      // children end with this JVM by themselves; PostgreSQL and network namespaces do not
      Runtime.getRuntime().addShutdownHook(new Thread(ground::close, "ground-end"));
      for (String name : wanted) {
        Line line = run(name, ground, new Sizes(System.getenv()));
        System.out.println(line.json());
        good &= line.good();
      }
    } finally {
      if (good) {
        delete(folder);
      } else {
        System.err.println("the logs are kept in " + folder);
      }
    }
    return good;
  }

  /** Runs one drill and clears the ground of what it started. */
  public static Line run(String name, Ground ground, Sizes sizes) {
    Drill drill =
        Optional.ofNullable(ALL.get(name)).orElseThrow(() -> new IllegalArgumentException(name));
    if (!drill.missing().isEmpty()) {
      return Line.skipped(name, drill.missing());
    }
    try {
      return Line.of(name, drill.run(ground, sizes));
    } catch (Exception | AssertionError e) {
      e.printStackTrace();
      return Line.broken(name, e);
    } finally {
      ground.clear();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
