package io.tensorfleet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.local.FleetOptions.GroundChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole fleet on the embedded ground, whose worker program only sleeps. */
class FleetIT {
  private static final String POOL =
      """
      apiVersion: tensorfleet.io/v1alpha1
      kind: WorkerPool
      metadata: {name: sleepers, namespace: default}
      spec:
        minReplicas: 1
        maxReplicas: 1
        template:
          spec:
            containers:
              - name: worker
                startupProbe: {exec: {command: ["true"]}}
                readinessProbe: {exec: {command: ["true"]}}
                livenessProbe: {exec: {command: ["true"]}}
      """;

  @TempDir Path home;
  private final List<String> said = new CopyOnWriteArrayList<>();

  private FleetOptions options() {
    return new FleetOptions(
        home,
        GroundChoice.EMBEDDED,
        Optional.empty(),
        List.of("/bin/sleep", "1000"),
        Duration.ofSeconds(10),
        FleetOptions.Ports.ANY,
        Map.of());
  }

  @Test
  void aFleetStartsItsPoolsWorkersAndLeavesNothingBehind() throws Exception {
    long pid;
    try (var fleet = Fleet.start(options(), said::add)) {
      fleet
          .kubernetes()
          .resource(
              fleet.kubernetes().getKubernetesSerialization().unmarshal(POOL, WorkerPool.class))
          .create();
      Await.until("a ready Pod", () -> ready(fleet) == 1, () -> pods(fleet));
      pid = onlyChild("sleep");

      anotherFleetInTheSameHomeIsRefused();
      theFileTellsOthersHowToReachIt();
    }
    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(FleetFile.read(home)).isEmpty();
    assertThat(said).contains("operator works", "stopped");
    assertThat(ProcessHandle.current().children().map(ProcessHandle::info)).isEmpty();
  }

  private void anotherFleetInTheSameHomeIsRefused() {
    assertThatThrownBy(() -> Fleet.start(options(), FleetListener.SILENT))
        .isInstanceOf(FleetException.class)
        .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()))
        .hasMessageContaining(home.toString());
  }

  private void theFileTellsOthersHowToReachIt() throws IOException {
    var file = FleetFile.read(home).orElseThrow();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(home.resolve("fleet.json"))))
        .isEqualTo("rw-------");
    assertThat(file.ground()).isEqualTo("embedded");
    assertThat(file.kubeconfig()).isEmpty();
    try (var client = file.connect()) {
      assertThat(client.resources(WorkerPool.class).inAnyNamespace().list().getItems())
          .extracting(pool -> pool.getMetadata().getName())
          .containsExactly("sleepers");
    }
  }

  private static long onlyChild(String program) {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith(program))
        .mapToLong(ProcessHandle::pid)
        .findFirst()
        .orElseThrow();
  }

  private static List<Pod> pods(Fleet fleet) {
    return fleet.kubernetes().pods().inNamespace("default").list().getItems();
  }

  private static long ready(Fleet fleet) {
    return pods(fleet).stream()
        .filter(pod -> pod.getStatus() != null)
        .filter(
            pod ->
                pod.getStatus().getConditions().stream()
                    .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True")))
        .count();
  }

  @Test
  void whatIsInTheDatabaseSurvivesAndEachCommitIsOnDisk() throws Exception {
    var data = home.resolve("postgresql");
    try (var database = Database.start(data)) {
      execute(database, "create table kept (x int)");
      assertThat(show(database, "fsync")).isEqualTo("on");
      assertThat(show(database, "synchronous_commit")).isEqualTo("on");
    }
    try (var database = Database.start(data)) {
      execute(database, "insert into kept values (1)");
    }
  }

  @Test
  void aDatabaseThatACrashedFleetLeftRunningIsTakenOver() throws Exception {
    var data = home.resolve("postgresql");
    var crashed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                CrashingDatabase.class.getName(),
                data.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("crash.log").toFile())
            .start();
    assertThat(crashed.waitFor()).as(Files.readString(home.resolve("crash.log"))).isEqualTo(9);
    long left = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
    assertThat(ProcessHandle.of(left)).isPresent();

    try (var database = Database.start(data)) {
      execute(database, "insert into kept values (1)");
      assertThat(ProcessHandle.of(left)).isEmpty();
    }
  }

  /** A process that starts a database and ends without a word, as a crash would. */
  static final class CrashingDatabase {
    private CrashingDatabase() {}

    public static void main(String[] arguments) throws Exception {
      var database = Database.start(Path.of(arguments[0]));
      execute(database, "create table kept (x int)");
      Runtime.getRuntime().halt(9);
    }
  }

  private static void execute(Database database, String sql) throws Exception {
    try (var connection = DriverManager.getConnection(database.url(), database.user(), "");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String show(Database database, String setting) throws Exception {
    try (var connection = DriverManager.getConnection(database.url(), database.user(), "");
        var statement = connection.createStatement();
        var result = statement.executeQuery("show " + setting)) {
      result.next();
      return result.getString(1);
    }
  }
}
