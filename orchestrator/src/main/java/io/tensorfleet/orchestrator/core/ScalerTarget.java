package io.tensorfleet.orchestrator.core;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a KEDA trigger asks about, from its metadata: {@code queue} (default "default") and {@code
 * slotsPerWorker} (1 to 1024, default 3, as many as a worker has unless told otherwise). Keys that
 * are KEDA's own are let pass.
 */
public record ScalerTarget(String queue, int slotsPerWorker) {
  private static final String QUEUE = "queue";
  private static final String SLOTS = "slotsPerWorker";
  private static final int USUAL_SLOTS = 3;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

  /** What people write for one of the two, in lower case without separators. */
  private static final Map<String, String> MEANT =
      Map.of(
          "queue", QUEUE,
          "queues", QUEUE,
          "queuename", QUEUE,
          "slots", SLOTS,
          "slotsperworker", SLOTS,
          "targetsize", SLOTS,
          "maxconcurrenttasks", SLOTS);

  /** Finds all mistakes; the target is right where there is none. */
  public static ScalerTarget of(Map<String, String> metadata, Mistakes mistakes) {
    String queue = metadata.getOrDefault(QUEUE, "default");
    String slots = metadata.getOrDefault(SLOTS, Integer.toString(USUAL_SLOTS));
    int number = NUMBER.matcher(slots).matches() ? Integer.parseInt(slots) : 0;
    mistakes.expect(
        SubmitCheck.isQueue(queue),
        "scalerMetadata.queue",
        queue,
        "1 to 63 characters of [a-z0-9-]");
    mistakes.expect(
        number >= 1 && number <= 1024, "scalerMetadata.slotsPerWorker", slots, "1 to 1024");
    metadata.keySet().stream().sorted().forEach(key -> misspelt(key, mistakes));
    return new ScalerTarget(queue, number);
  }

  private static void misspelt(String key, Mistakes mistakes) {
    String meant = MEANT.get(key.toLowerCase(Locale.ROOT).replaceAll("[-_.]", ""));
    mistakes.expect(meant == null || meant.equals(key), "a key of scalerMetadata", key, meant + "");
  }

  /** The metric's name, as KEDA may show it. */
  public String metricName() {
    return "tensorfleet-" + queue;
  }
}
