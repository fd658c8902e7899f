package io.tensorfleet.worker;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses what settings hold; empty for what is not accepted. */
final class Texts {
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9-]{1,63}");
  private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9._/-]{1,316}");
  private static final Pattern LABEL_VALUE = Pattern.compile("[A-Za-z0-9._-]{0,63}");
  private static final Pattern TARGET =
      Pattern.compile(
          "(?:dns:///)?(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]):([0-9]{1,5})");

  private Texts() {}

  static Optional<String> target(String text) {
    Matcher matcher = TARGET.matcher(text);
    return matcher.matches() && isPort(matcher.group(1)) ? Optional.of(text) : Optional.empty();
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port >= 1 && port <= 65535;
  }

  static Optional<List<String>> queues(String text) {
    List<String> names = Arrays.stream(text.split(",", -1)).map(String::strip).distinct().toList();
    return names.stream().allMatch(name -> QUEUE.matcher(name).matches())
        ? Optional.of(names)
        : Optional.empty();
  }

  static Optional<Map<String, String>> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        return Optional.empty();
      }
      String key = pair.substring(0, equals).strip();
      String value = pair.substring(equals + 1).strip();
      if (!LABEL_KEY.matcher(key).matches() || !LABEL_VALUE.matcher(value).matches()) {
        return Optional.empty();
      }
      labels.put(key, value);
    }
    return Optional.of(labels);
  }
}
