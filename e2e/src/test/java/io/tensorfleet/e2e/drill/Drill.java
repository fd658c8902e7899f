package io.tensorfleet.e2e.drill;

/** One drill. It ends everything that it started, however it ends. */
public interface Drill {
  /** Breaks something on the ground, and tells what held. */
  Findings run(Ground ground, Sizes sizes) throws Exception;

  /** Why it cannot be run here; empty where it can. */
  default String missing() {
    return "";
  }
}
