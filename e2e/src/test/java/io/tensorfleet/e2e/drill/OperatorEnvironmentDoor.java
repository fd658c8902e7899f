package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Starts operators with bad settings, several at a time. */
final class OperatorEnvironmentDoor {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final List<String> ADDRESSES =
      List.of("host", "host:", "host:0", "host:65536", ":1", "http://h:1", "a b:1");
  private static final List<String> NUMBERS =
      List.of("-1", "x", "1.5", "0x10", "99999999999", "1 2", "1e3");
  private static final Map<String, List<String>> WRONG =
      Map.ofEntries(
          Map.entry(
              "WATCH_NAMESPACES", List.of("A", "a b", "a,,b", "ü", "x".repeat(64), "a_b", ",")),
          Map.entry("ORCHESTRATOR_ADDRESS", ADDRESSES),
          Map.entry("WORKER_ORCHESTRATOR_ADDRESS", ADDRESSES),
          Map.entry(
              "WORKER_IMAGE",
              List.of("a b", "a\tb", "a\nb", "x".repeat(513), "a :b", "a\u2028b c", "b a")),
          Map.entry(
              "METRICS_PORT", List.of("-1", "65536", "x", "1.5", "0x10", "99999999999", "1 2")),
          Map.entry("LEADER_ELECTION", List.of("yes", "1", "TRUE!", "on", "t", "false,", "ü")),
          Map.entry("LEASE_NAMESPACE", List.of("A", "a b", "a/b", "ü", "x".repeat(64), "a_b", "-")),
          Map.entry(
              "OPERATOR_ID", List.of("a b", "ü", "x".repeat(121), "a/b", "$(id)", "a;b", "a\nb")),
          Map.entry("LOG_LEVEL", List.of("loud", "INFO,", "9", "warning!", "-", "info debug", "ü")),
          Map.entry("API_QPS", NUMBERS),
          Map.entry("API_BURST", NUMBERS),
          Map.entry("API_CONCURRENCY", NUMBERS),
          Map.entry("API_MODE", List.of("apply", "server", "-", "9", "plain,", "ü", "pla in")));

  private OperatorEnvironmentDoor() {}

  static List<Reply> tryAll(Ground ground, int starts) throws Exception {
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      replies.addAll(start(ground, i));
    }
    return replies;
  }

  private static List<Reply> start(Ground ground, int nth) throws Exception {
    Map<String, String> settings = new TreeMap<>();
    WRONG.forEach((name, values) -> settings.put(name, values.get(nth % values.size())));
    try (var program =
        Program.start("operator", List.of(), settings, ground.folder("bad-settings"))) {
      String status = program.exit(LIMIT).map(String::valueOf).orElse("none");
      var lines = program.text().lines().toList();
      List<Reply> replies = new ArrayList<>();
      settings.forEach((name, value) -> replies.add(reply(name, value, status, lines)));
      boolean lineEach = lines.size() == settings.size();
      String told = settings.size() + " mistakes, " + lines.size() + " lines";
      replies.add(reply(told, lineEach ? status : "other lines", String.join("\n", lines)));
      return replies;
    }
  }

  private static Reply reply(String name, String value, String status, List<String> lines) {
    var said = lines.stream().filter(line -> line.startsWith(name + "=\"")).toList();
    String shown = value.substring(0, Math.min(20, value.length()));
    return reply(name + "=" + shown, status, String.join("\n", said));
  }

  private static Reply reply(String input, String outcome, String text) {
    return new Reply(Reply.Door.ENVIRONMENT, input, Reply.Expect.REFUSAL, outcome, text);
  }
}
