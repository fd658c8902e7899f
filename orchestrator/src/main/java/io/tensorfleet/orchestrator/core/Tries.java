package io.tensorfleet.orchestrator.core;

/**
 * What a running task has used up and what it may use.
 *
 * @param spent tries used before this attempt
 * @param deaths attempts that ended with their worker's death, before this one
 * @param max tries in all, at least 1
 */
public record Tries(int spent, int deaths, int max) {
  /** A task under which this many workers died is taken to be what kills them. */
  public static final int DEADLY = 3;

  public Tries {
    if (spent < 0 || deaths < 0 || max < 1) {
      throw new IllegalArgumentException(
          "tries "
              + spent
              + "/"
              + max
              + " with "
              + deaths
              + " deaths: expected 0 or more of at least 1");
    }
  }

  Tries afterOne() {
    return new Tries(spent + 1, deaths, max);
  }

  Tries afterDeath() {
    return new Tries(spent + 1, deaths + 1, max);
  }
}
