package io.tensorfleet.worker.core;

import java.nio.charset.StandardCharsets;

/** Keeps texts within the sizes of messages. */
public final class Texts {
  private Texts() {}

  /** At most so many bytes of UTF-8, cut between characters. */
  public static String cut(String text, int maxBytes) {
    String cut = text;
    while (cut.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      int end = Math.min(cut.length() - 1, maxBytes);
      cut = cut.substring(0, Character.isHighSurrogate(cut.charAt(end - 1)) ? end - 1 : end);
    }
    return cut;
  }
}
