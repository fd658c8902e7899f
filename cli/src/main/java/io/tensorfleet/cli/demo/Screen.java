package io.tensorfleet.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Shows the demo: drawn again in place on a terminal, one line per change elsewhere. */
public abstract sealed class Screen {
  private Screen() {}

  public abstract void show(DemoState state, Duration elapsed);

  /** The screen of a terminal of this width; empty: no terminal. */
  public static Screen on(PrintWriter out, OptionalInt terminal) {
    return terminal.isPresent() ? new Live(out, terminal.getAsInt()) : new Lines(out);
  }

  /** Shows nothing. */
  public static Screen none() {
    return new None();
  }

  private static final class None extends Screen {
    @Override
    public void show(DemoState state, Duration elapsed) {}
  }

  /** A terminal: the cursor goes up over what was drawn before. */
  private static final class Live extends Screen {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private final PrintWriter out;
    private final int width;
    private int drawn;
    private Duration last = Duration.ofSeconds(-1);

    Live(PrintWriter out, int width) {
      this.out = out;
      this.width = width;
    }

    @Override
    public void show(DemoState state, Duration elapsed) {
      if (!state.over() && elapsed.minus(last).compareTo(SHORTEST) < 0) {
        return;
      }
      last = elapsed;
      var lines = DemoView.screen(state);
      var text = new StringBuilder(drawn == 0 ? "" : "\033[" + drawn + "F\033[J");
      text.append("time    ").append(elapsed.toSeconds()).append(" s\n");
      lines.values().forEach(line -> text.append(cut(line)).append('\n'));
      drawn = lines.size() + 1;
      out.print(text);
      out.flush();
    }

    private String cut(String line) {
      return line.length() <= width ? line : line.substring(0, width - 1) + "…";
    }
  }

  /** A file or a pipe: what changed, and when. */
  private static final class Lines extends Screen {
    private final PrintWriter out;
    private final Map<String, String> shown = new LinkedHashMap<>();

    Lines(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void show(DemoState state, Duration elapsed) {
      var now = DemoView.changes(state);
      now.forEach((key, line) -> print(key, line, elapsed));
      shown.keySet().stream()
          .filter(key -> !now.containsKey(key))
          .toList()
          .forEach(key -> gone(key, elapsed));
    }

    private void print(String key, String line, Duration elapsed) {
      if (!line.equals(shown.put(key, line))) {
        out.printf("%6.2f s  %s%n", elapsed.toMillis() / 1000.0, line);
        out.flush();
      }
    }

    private void gone(String key, Duration elapsed) {
      shown.remove(key);
      out.printf("%6.2f s  worker  %s  left%n", elapsed.toMillis() / 1000.0, key);
      out.flush();
    }
  }
}
