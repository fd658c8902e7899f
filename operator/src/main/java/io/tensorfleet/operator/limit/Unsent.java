package io.tensorfleet.operator.limit;

import java.io.IOException;

/** A write that was kept from leaving: its failure says nothing about the API server. */
public final class Unsent extends IOException {
  private static final long serialVersionUID = 1L;

  public Unsent(String why) {
    super(why);
  }
}
