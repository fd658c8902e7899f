package io.tensorfleet.orchestrator.core;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a request, so that all of it can be told at once. */
public final class Mistakes {
  private static final int SHOWN = 20;
  private final List<String> found = new ArrayList<>();

  /** Notes {@code field} with its value when the condition does not hold. */
  public void expect(boolean holds, String field, Object value, String accepted) {
    if (!holds) {
      found.add(field + " is '" + shortened(String.valueOf(value)) + "': accepted is " + accepted);
    }
  }

  public void expectRange(long value, long min, long max, String field) {
    expect(value >= min && value <= max, field, value, min + " to " + max);
  }

  public List<String> found() {
    return List.copyOf(found);
  }

  /** One line each; the first 20 and how many more. */
  public String told() {
    String lines = String.join("\n", found.subList(0, Math.min(SHOWN, found.size())));
    return found.size() > SHOWN ? lines + "\nand " + (found.size() - SHOWN) + " more" : lines;
  }

  private static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }
}
