package io.tensorfleet.e2e.drill;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Judges answers to bad inputs: a clear error each, which never blames the program and shows
 * nothing of its inside.
 *
 * @param least how many inputs each door must have had
 */
record BadInputChecker(Map<Reply.Door, Integer> least) {
  private static final Set<String> BLAMES =
      Set.of("INTERNAL", "UNKNOWN", "UNAVAILABLE", "DEADLINE_EXCEEDED", "DATA_LOSS", "CANCELLED");
  private static final Set<String> TOLD_5XX = Set.of("501", "503");
  private static final Pattern TRACE =
      Pattern.compile("\\bat [\\w.$/]+\\([\\w.]*(?::[0-9]+)?\\)|Exception in thread");

  /**
   * What is left of the worker.
   *
   * @param alive whether its process lives
   * @param works whether it did a task afterwards
   */
  record Afterwards(boolean alive, boolean works) {}

  Findings check(List<Reply> replies, Afterwards afterwards) {
    var book = new Findings.Book();
    least.forEach((door, wanted) -> enough(replies, door, wanted, book));
    replies.forEach(reply -> one(reply, book));
    book.figure("alive", afterwards.alive())
        .figure("works_afterwards", afterwards.works())
        .expect(afterwards.alive(), "the process ended")
        .expect(afterwards.works(), "it did no task afterwards");
    return book.close();
  }

  private static void enough(List<Reply> replies, Reply.Door door, int wanted, Findings.Book book) {
    var of = replies.stream().filter(reply -> reply.door() == door).toList();
    String name = door.name().toLowerCase(Locale.ROOT);
    book.figure(name, of.size())
        .figure(
            name + "_outcomes",
            of.stream()
                .collect(
                    Collectors.groupingBy(
                        Reply::outcome, java.util.TreeMap::new, Collectors.counting())))
        .expect(of.size() >= wanted, "%s had %d of %d inputs".formatted(name, of.size(), wanted));
  }

  private static void one(Reply reply, Findings.Book book) {
    boolean right =
        switch (reply.door()) {
          case GRPC -> call(reply);
          case HTTP -> request(reply);
          case ENVIRONMENT -> reply.outcome().equals("2") && !reply.text().isBlank();
          case RESOURCE -> object(reply);
        };
    book.expect(
        right,
        "%s: %s was answered by %s: %s"
            .formatted(reply.door(), reply.input(), reply.outcome(), reply.text()));
    book.expect(
        !TRACE.matcher(reply.text()).find(),
        "%s: %s was answered by a stack trace".formatted(reply.door(), reply.input()));
  }

  private static boolean call(Reply reply) {
    if (reply.outcome().equals("OK")) {
      return reply.expect() != Reply.Expect.REFUSAL;
    }
    return !BLAMES.contains(reply.outcome()) && !reply.text().isBlank();
  }

  private static boolean object(Reply reply) {
    boolean refused = reply.outcome().matches("4[0-9]{2}") && !reply.text().isBlank();
    boolean told = reply.outcome().matches("[A-Z][A-Za-z]+") && !reply.text().isBlank();
    return switch (reply.expect()) {
      case REFUSAL -> refused;
      case CONDITION -> told;
      case ANSWER, GARBAGE -> refused || told || reply.outcome().equals("seen");
    };
  }

  private static boolean request(Reply reply) {
    return switch (reply.outcome()) {
      case "closed" -> reply.expect() == Reply.Expect.GARBAGE;
      case "silent" -> false;
      default ->
          reply.outcome().startsWith("5")
              ? TOLD_5XX.contains(reply.outcome())
              : reply.expect() != Reply.Expect.REFUSAL || reply.outcome().startsWith("4");
    };
  }
}
