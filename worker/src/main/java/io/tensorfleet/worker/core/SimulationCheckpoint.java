package io.tensorfleet.worker.core;

import io.tensorfleet.proto.v1.ArtifactRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All that a simulated run has to remember, small enough to travel in the reference itself: a
 * {@code data:} URI (RFC 2397) of JSON, percent-encoded, whose hash and size are those of the JSON.
 *
 * @param epochsDone from 1
 */
public record SimulationCheckpoint(int epochsDone, long seed, EpochMetrics metrics)
    implements Checkpoint {
  private static final String PREFIX = "data:application/json,";
  private static final int MAX_CHARACTERS = 4096;
  private static final String NUMBER = "(-?[0-9.E-]{1,25})";
  private static final Pattern JSON =
      Pattern.compile(
          "\\{\"epochs_done\":([0-9]{1,9}),\"seed\":(-?[0-9]{1,19}),\"loss\":%s,\"accuracy\":%s,\"validation_loss\":%s}"
              .formatted(NUMBER, NUMBER, NUMBER));
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /** A checkpoint, or a sentence why it is none. */
  public sealed interface Checked {}

  public record Whole(SimulationCheckpoint checkpoint) implements Checked {}

  public record Broken(String why) implements Checked {}

  @Override
  public ArtifactRef ref() {
    String json = json();
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    return ArtifactRef.newBuilder()
        .setUri(PREFIX + encoded(json))
        .setSha256(sha256(content))
        .setSizeBytes(content.length)
        .build();
  }

  private String json() {
    return "{\"epochs_done\":"
        + epochsDone
        + ",\"seed\":"
        + seed
        + ",\"loss\":"
        + metrics.loss()
        + ",\"accuracy\":"
        + metrics.accuracy()
        + ",\"validation_loss\":"
        + metrics.validationLoss()
        + "}";
  }

  /** Reads what {@link #ref} made in a run of this task by this plan; anything else is broken. */
  public static Checked of(ArtifactRef ref, SimulationPlan plan, String taskId) {
    Checked read = read(ref);
    return read instanceof Whole(SimulationCheckpoint whole) && !whole.fits(plan, taskId)
        ? new Broken("it is that of another run")
        : read;
  }

  private boolean fits(SimulationPlan plan, String taskId) {
    if (seed != plan.seed() || epochsDone < 1 || epochsDone > plan.epochs()) {
      return false;
    }
    SimulationSequence sequence = new SimulationSequence(plan, taskId);
    for (int done = 1; done < epochsDone; done++) {
      sequence.next();
    }
    return sequence.next().metrics().equals(metrics);
  }

  private static Checked read(ArtifactRef ref) {
    if (!ref.getUri().startsWith(PREFIX) || ref.getUri().length() > MAX_CHARACTERS) {
      return new Broken(
          "its address is none of %s…, at most %d characters".formatted(PREFIX, MAX_CHARACTERS));
    }
    String json = decoded(ref.getUri().substring(PREFIX.length()));
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    if (content.length != ref.getSizeBytes()) {
      return new Broken(
          "its size is %d bytes instead of %d".formatted(content.length, ref.getSizeBytes()));
    }
    if (!sha256(content).equals(ref.getSha256())) {
      return new Broken("its SHA-256 is another than the one given with it");
    }
    return parsed(json);
  }

  private static Checked parsed(String json) {
    Matcher field = JSON.matcher(json);
    if (!field.matches()) {
      return new Broken("its content is not that of a simulated run");
    }
    try {
      EpochMetrics metrics =
          new EpochMetrics(
              Double.parseDouble(field.group(3)),
              Double.parseDouble(field.group(4)),
              Double.parseDouble(field.group(5)));
      return new Whole(
          new SimulationCheckpoint(
              Integer.parseInt(field.group(1)), Long.parseLong(field.group(2)), metrics));
    } catch (NumberFormatException _) {
      return new Broken("its content names a number that is none");
    }
  }

  /** Of ASCII alone, as the JSON is. */
  private static String encoded(String json) {
    StringBuilder uri = new StringBuilder();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0) {
        uri.append(c);
      } else {
        uri.append('%').append(HEX.toHexDigits((byte) c));
      }
    }
    return uri.toString();
  }

  /** What is no escape stays as it is: the hash then tells. */
  private static String decoded(String uri) {
    return ESCAPE
        .matcher(uri)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(
                    String.valueOf((char) HexFormat.fromHexDigits(escape.group(1)))));
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
