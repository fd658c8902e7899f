package io.tensorfleet.local.ground;

import io.tensorfleet.local.process.Children;
import io.tensorfleet.local.process.PidFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The processes of a real control plane on loopback, their data in a folder that survives them. */
final class ControlPlane implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final List<String> NAMES =
      List.of("kube-scheduler", "kube-controller-manager", "kube-apiserver", "etcd");

  private final Binaries binaries;
  private final ControlPlaneFiles files;
  private final Path home;
  private final Deque<Child> children = new ArrayDeque<>();
  private final PlaneOptions options;
  private final int port;

  private record Child(String name, Process process, PidFile pidFile) {}

  private ControlPlane(Binaries binaries, Path home, PlaneOptions options) {
    this.binaries = binaries;
    this.options = options;
    this.home = home.toAbsolutePath();
    this.files = new ControlPlaneFiles(this.home);
    this.port = options.port() == 0 ? freePort() : options.port();
  }

  /** Starts etcd and the API server, which is not ready yet when this returns. */
  static ControlPlane start(Binaries binaries, Path home, PlaneOptions options) {
    var plane = new ControlPlane(binaries, home, options);
    plane.endEarlierRun();
    try {
      int store = freePort();
      plane.startStore(store, freePort());
      plane.startServer(store);
      return plane;
    } catch (RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  /** Starts what needs a ready API server. */
  void startControllers(Path kubeconfig) {
    if (binaries.controllers()) {
      start(
          "kube-controller-manager",
          Stream.concat(
              common(kubeconfig, "certs-controllers"),
              Stream.of(
                  "--service-account-private-key-file=" + files.serviceAccountKey(),
                  "--root-ca-file=" + files.serverCertificate(),
                  "--use-service-account-credentials=false")));
    }
    if (binaries.scheduler()) {
      start("kube-scheduler", common(kubeconfig, "certs-scheduler"));
    }
  }

  private Stream<String> common(Path kubeconfig, String certificates) {
    return Stream.of(
        "--kubeconfig=" + kubeconfig.toAbsolutePath(),
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
        "--secure-port=" + freePort(),
        "--cert-dir=" + files.folder(certificates));
  }

  int port() {
    return port;
  }

  ControlPlaneFiles files() {
    return files;
  }

  AuditFiles audit() {
    return new AuditFiles(home);
  }

  /** The first program that has ended although nobody asked it to, and how its log ends. */
  Optional<String> failure() {
    return children.stream()
        .filter(child -> !child.process().isAlive())
        .findFirst()
        .map(
            child ->
                child.name()
                    + " has ended with exit code "
                    + child.process().exitValue()
                    + ":\n"
                    + logTail(child.name()));
  }

  private String logTail(String name) {
    try {
      List<String> lines = Files.readAllLines(log(name));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  private void startStore(int clients, int peers) {
    String peer = "http://127.0.0.1:" + peers;
    String client = "http://127.0.0.1:" + clients;
    start(
        "etcd",
        Stream.of(
            "--data-dir=" + files.folder("etcd"),
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=default=" + peer,
            "--log-level=warn"));
  }

  private void startServer(int store) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--etcd-servers=http://127.0.0.1:" + store,
                "--cert-dir=" + files.folder("certs"),
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--token-auth-file=" + files.tokens(),
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://tensorfleet.local",
                "--service-account-key-file=" + files.serviceAccountKey(),
                "--service-account-signing-key-file=" + files.serviceAccountKey(),
                "--service-cluster-ip-range=10.96.0.0/24",
                "--endpoint-reconciler-type=none",
                "--allow-privileged=true"));
    if (!binaries.controllers()) {
      // nobody makes the service accounts that this plugin demands of every Pod
      arguments.add("--disable-admission-plugins=ServiceAccount");
    }
    if (options.audit()) {
      arguments.addAll(audit().arguments());
    }
    start("kube-apiserver", arguments.stream());
  }

  private void start(String name, Stream<String> arguments) {
    var command = Stream.concat(Stream.of(binaries.program(name).toString()), arguments).toList();
    var pidFile = pidFile(name);
    try {
      Files.createDirectories(home);
      Files.deleteIfExists(log(name));
      var process =
          Children.start(
              new Children.Program(command, Children.basicEnvironment(), home, log(name)));
      pidFile.write(process.toHandle());
      children.push(new Child(name, process, pidFile));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  private Path log(String name) {
    return home.resolve(name + ".log");
  }

  private PidFile pidFile(String name) {
    return new PidFile(home.resolve(name + ".pid"));
  }

  private void endEarlierRun() {
    NAMES.forEach(name -> pidFile(name).endProcess(GRACE));
  }

  /** Ends the programs, last started first. */
  @Override
  public void close() {
    while (!children.isEmpty()) {
      Child child = children.pop();
      PidFile.end(child.process().toHandle(), GRACE);
      child.pidFile().remove();
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on loopback", e);
    }
  }
}
