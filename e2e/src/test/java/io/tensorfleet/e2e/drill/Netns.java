package io.tensorfleet.e2e.drill;

import io.tensorfleet.local.process.Children;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network of the drill's own: a namespace for workers, and one between it and this machine that
 * forwards packets or, while it is cut, drops them silently both ways. A second way from here to
 * the workers' namespace stays open, so that they can be watched meanwhile.
 *
 * <p>Addresses are of 198.18.0.0/15, which is set aside for trials (RFC 2544). The names and
 * addresses hold the process id, so that two drills can run at once.
 */
final class Netns implements AutoCloseable {
  private static final Path FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");

  private final String name = "tfd" + ProcessHandle.current().pid();
  private final String router = name + "r";
  private final String inside = name + "w";
  private final String net = "198.18." + ProcessHandle.current().pid() % 250 + ".";

  /** Why there can be none here; empty where it can. */
  static String missing() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return "network namespaces need root";
    }
    return Children.onPath("ip").isPresent() && Children.onPath("sh").isPresent()
        ? ""
        : "network namespaces need the program ip (iproute2)";
  }

  Netns() throws IOException, InterruptedException {
    try {
      make();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void make() throws IOException, InterruptedException {
    ip("netns add " + router);
    ip("netns add " + inside);
    ip("link add " + name + "a type veth peer name " + name + "b netns " + router);
    ip(
        "-n "
            + router
            + " link add "
            + name
            + "c type veth peer name "
            + name
            + "d netns "
            + inside);
    ip("link add " + name + "e type veth peer name " + name + "f netns " + inside);
    up("", name + "a", 1);
    up("-n " + router + " ", name + "b", 2);
    up("-n " + router + " ", name + "c", 5);
    up("-n " + inside + " ", name + "d", 6);
    up("", name + "e", 9);
    up("-n " + inside + " ", name + "f", 10);
    ip("-n " + inside + " link set lo up");
    ip("route add " + net + "4/30 via " + net + "2");
    ip("-n " + inside + " route add " + net + "0/30 via " + net + "5");
    mend();
  }

  private void up(String where, String device, int last) throws IOException, InterruptedException {
    ip(where + "addr add " + net + last + "/30 dev " + device);
    ip(where + "link set " + device + " up");
  }

  /** This machine, as workers inside reach it by the way that can be cut. */
  String outsideAddress() {
    return net + 1;
  }

  /** Where a worker inside runs, and the address at which it can be watched. */
  WorkerProcess.Place place() {
    return new WorkerProcess.Place(List.of("ip", "netns", "exec", inside), net + 10);
  }

  /** Drops every packet both ways, silently. */
  void cut() throws IOException, InterruptedException {
    forward(0);
  }

  void mend() throws IOException, InterruptedException {
    forward(1);
  }

  private void forward(int value) throws IOException, InterruptedException {
    output(List.of("ip", "netns", "exec", router, "sh", "-c", "echo " + value + " > " + FORWARD));
  }

  /** How many connections have been begun inside so far; one that is tried again counts once. */
  long connects() throws IOException, InterruptedException {
    var lines =
        output(List.of("ip", "netns", "exec", inside, "cat", "/proc/net/snmp"))
            .lines()
            .filter(line -> line.startsWith("Tcp:"))
            .toList();
    int column = Arrays.asList(lines.get(0).split(" ", -1)).indexOf("ActiveOpens");
    return Long.parseLong(lines.get(1).split(" ", -1)[column]);
  }

  private static void ip(String words) throws IOException, InterruptedException {
    output(Stream.concat(Stream.of("ip"), Stream.of(words.split(" ", -1))).toList());
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + text.strip());
    }
    return text;
  }

  @Override
  public void close() {
    for (String words :
        List.of("netns del " + inside, "netns del " + router, "link del " + name + "a")) {
      try {
        ip(words);
      } catch (IOException e) {
        // it was not there, or went with the namespace of its other end
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
