package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Starts a program with bad settings, several at a time.
 *
 * @param after what follows a setting's name in the line about it
 * @param wrong bad values by the setting's name
 */
record EnvironmentDoor(
    String program, Duration limit, String after, Map<String, List<String>> wrong) {
  EnvironmentDoor {
    wrong = Map.copyOf(wrong);
  }

  List<Reply> tryAll(Ground ground, int starts) throws Exception {
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      replies.addAll(start(ground, i));
    }
    return replies;
  }

  private List<Reply> start(Ground ground, int nth) throws Exception {
    Map<String, String> settings = new TreeMap<>();
    wrong.forEach((name, values) -> settings.put(name, values.get(nth % values.size())));
    try (var started = Program.start(program, List.of(), settings, ground.folder("bad-settings"))) {
      String status = started.exit(limit).map(String::valueOf).orElse("none");
      var lines = started.text().lines().toList();
      List<Reply> replies = new ArrayList<>();
      settings.forEach((name, value) -> replies.add(reply(name, value, status, lines)));
      replies.add(lineEach(settings.size(), status, lines));
      return replies;
    }
  }

  /** What it said of this setting: the lines that begin with its name. */
  private Reply reply(String name, String value, String status, List<String> lines) {
    var said = lines.stream().filter(line -> line.startsWith(name + after)).toList();
    String shown = value.substring(0, Math.min(20, value.length()));
    return reply(name + "=" + shown, status, String.join("\n", said));
  }

  /** One line for each mistake, and nothing else. */
  private static Reply lineEach(int mistakes, String status, List<String> lines) {
    boolean right = lines.size() == mistakes;
    String told = mistakes + " mistakes, " + lines.size() + " lines";
    return reply(told, right ? status : "other lines", String.join("\n", lines));
  }

  private static Reply reply(String input, String outcome, String text) {
    return new Reply(Reply.Door.ENVIRONMENT, input, Reply.Expect.REFUSAL, outcome, text);
  }
}
