package io.tensorfleet.e2e.drill;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a checker found: figures for the line, and what did not hold, a sentence each. The drill
 * passes when nothing was found wrong.
 */
public record Findings(Map<String, Object> figures, List<String> faults) {
  public Findings {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    faults = List.copyOf(faults);
  }

  public boolean pass() {
    return faults.isEmpty();
  }

  /** Gathers findings in the order in which they shall be told. */
  public static final class Book {
    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    public Book figure(String name, Object value) {
      figures.put(name, value);
      return this;
    }

    /** Notes a fault unless it holds. */
    public Book expect(boolean holds, String otherwise) {
      if (!holds) {
        faults.add(otherwise);
      }
      return this;
    }

    public Findings close() {
      return new Findings(figures, faults);
    }
  }
}
