package io.tensorfleet.e2e.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The one line that a drill ends with. */
public record Line(Map<String, Object> fields) {
  private static final int MOST_FAULTS = 20;
  private static final int MOST_CHARACTERS = 300;

  public Line {
    fields = new LinkedHashMap<>(fields);
  }

  public static Line of(String drill, Findings findings) {
    var fields = head(drill, findings.pass());
    fields.putAll(findings.figures());
    if (!findings.pass()) {
      fields.put("faults", first(findings.faults()));
    }
    return new Line(fields);
  }

  private static List<String> first(List<String> faults) {
    var shown = new ArrayList<>(faults.stream().limit(MOST_FAULTS).map(Line::shortened).toList());
    if (faults.size() > MOST_FAULTS) {
      shown.add("and " + (faults.size() - MOST_FAULTS) + " more");
    }
    return shown;
  }

  private static String shortened(String fault) {
    return fault.length() <= MOST_CHARACTERS ? fault : fault.substring(0, MOST_CHARACTERS) + "…";
  }

  /** A drill that broke off: it did not hold. */
  public static Line broken(String drill, Throwable why) {
    var fields = head(drill, false);
    fields.put("faults", List.of(String.valueOf(why.getMessage())));
    return new Line(fields);
  }

  /** A drill that this machine cannot run; it judges nothing. */
  public static Line skipped(String drill, String why) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("drill", drill);
    fields.put("skipped", why);
    return new Line(fields);
  }

  private static Map<String, Object> head(String drill, boolean pass) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("drill", drill);
    fields.put("pass", pass);
    return fields;
  }

  /** Whether it held, or was skipped. */
  public boolean good() {
    return !Boolean.FALSE.equals(fields.get("pass"));
  }

  public boolean skipped() {
    return fields.containsKey("skipped");
  }

  public String json() {
    try {
      return new ObjectMapper().writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a line could not be written", e);
    }
  }
}
