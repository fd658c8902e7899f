package io.tensorfleet.e2e.drill;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Judges what a program wrote after it was given hostile text: each line must be its own, nothing
 * in it may be taken for something else, and no secret may be there.
 */
record LogChecker(List<String> secrets) {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A line of the log for people, or the program's last words. */
  private static final Pattern TEXT_LINE =
      Pattern.compile(
          "[0-9-]{10}T[0-9:.]{12}Z (?:TRACE|DEBUG|INFO|WARN|ERROR) +[A-Za-z0-9_$]+ .*"
              + "|worker [A-Za-z0-9._-]+: .*");

  private static final Pattern SAMPLE =
      Pattern.compile(
          "[a-zA-Z_:][a-zA-Z0-9_:]*"
              + "(?:\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)*\\})?"
              + " (?:NaN|[+-]Inf|[-+0-9.eE]+)(?: [0-9]+)?(?: # .*)?");
  private static final Pattern COMMENT =
      Pattern.compile("# (?:(?:HELP|TYPE|UNIT) [a-zA-Z_:][a-zA-Z0-9_:]*(?: .*)?|EOF)");
  private static final Pattern MISTAKE = Pattern.compile("[A-Z_]+: .*");

  /** How an output is to be read. */
  enum Kind {
    TEXT_LOG,
    JSON_LOG,
    METRICS,
    PAGE,
    ANSWER,
    MISTAKES
  }

  /** Something that the program wrote. */
  record Output(String name, Kind kind, String text) {}

  Findings check(List<Output> outputs) {
    var book = new Findings.Book();
    outputs.forEach(output -> one(output, book));
    book.figure("outputs", outputs.size());
    for (Kind kind : List.of(Kind.TEXT_LOG, Kind.JSON_LOG, Kind.METRICS, Kind.MISTAKES)) {
      long lines = lines(outputs, kind);
      book.figure(kind.name().toLowerCase(java.util.Locale.ROOT) + "_lines", lines)
          .expect(lines > 0, "nothing of kind " + kind + " was read: nothing was tried");
    }
    return book.close();
  }

  private static long lines(List<Output> outputs, Kind kind) {
    return outputs.stream().filter(o -> o.kind() == kind).flatMap(o -> o.text().lines()).count();
  }

  private void one(Output output, Findings.Book book) {
    for (String secret : secrets) {
      book.expect(!output.text().contains(secret), output.name() + " tells a secret");
    }
    if (output.kind() == Kind.ANSWER) {
      return; // a value of a protocol that frames it: the caller's own text, back to the caller
    }
    for (String control : Hostile.CONTROLS) {
      book.expect(
          !output.text().contains(control),
          "%s holds U+%04X as it is".formatted(output.name(), (int) control.charAt(0)));
    }
    for (String line : output.text().split("\n", -1)) {
      book.expect(
          right(output.kind(), line), output.name() + " has a line that is not its own: " + line);
    }
  }

  private static boolean right(Kind kind, String line) {
    return switch (kind) {
      case TEXT_LOG -> line.isEmpty() || (TEXT_LINE.matcher(line).matches() && !isForged(line));
      case JSON_LOG -> isOwnJson(line);
      case METRICS ->
          line.isEmpty() || SAMPLE.matcher(line).matches() || COMMENT.matcher(line).matches();
      case MISTAKES -> line.isEmpty() || MISTAKE.matcher(line).matches();
      case PAGE -> !isForged(line);
      case ANSWER -> true;
    };
  }

  /** Whether a reader would take the mark for the beginning of a message. */
  private static boolean isForged(String line) {
    return line.matches(
        "(?:[0-9-]{10}T[0-9:.]{12}Z )?(?:[A-Z]+ +[A-Za-z0-9_$]+ )?" + Hostile.MARK + ".*");
  }

  private static boolean isOwnJson(String line) {
    if (line.isEmpty() || line.matches("worker [A-Za-z0-9._-]+: .*")) {
      return true; // the program's last words go to the same terminal
    }
    try {
      JsonNode node = JSON.readTree(line);
      return node.isObject()
          && !node.has(Hostile.MARK)
          && !node.path("message").asText().startsWith(Hostile.MARK);
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
