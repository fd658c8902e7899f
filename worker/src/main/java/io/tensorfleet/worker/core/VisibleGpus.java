package io.tensorfleet.worker.core;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** How many GPUs a program may use, as CUDA reads {@code CUDA_VISIBLE_DEVICES}. */
public final class VisibleGpus {
  private static final Pattern INDEX = Pattern.compile("[0-9]{1,4}");
  private static final Pattern NAME = Pattern.compile("(GPU|MIG)-[0-9A-Za-z/-]+");

  private VisibleGpus() {}

  /**
   * Of the GPUs there, those listed; CUDA stops at the first entry that is none.
   *
   * @param list indexes or UUIDs, separated by commas; absent: all
   */
  public static int count(int there, Optional<String> list) {
    return list.map(text -> Math.min(there, listed(text, there).size())).orElse(there);
  }

  private static Set<String> listed(String list, int there) {
    Set<String> valid = new TreeSet<>();
    for (String entry : list.split(",", -1)) {
      String name = entry.strip();
      boolean index = INDEX.matcher(name).matches() && Integer.parseInt(name) < there;
      if (!index && !NAME.matcher(name).matches()) {
        return valid;
      }
      valid.add(index ? Integer.toString(Integer.parseInt(name)) : name);
    }
    return valid;
  }
}
