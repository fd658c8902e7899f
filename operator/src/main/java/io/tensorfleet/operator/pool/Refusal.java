package io.tensorfleet.operator.pool;

import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * That the API server would not make a Pod.
 *
 * @param reason in CamelCase, for the condition
 * @param sentence what it said, and what to do about it
 * @param longest the longest pause before it is asked again
 */
record Refusal(String reason, String sentence, Duration longest) {
  /** Somebody else may make room at any time, without telling. */
  private static final Duration SAFETY_POLL = Duration.ofSeconds(10);

  /** Nothing of it passes by itself; a change of the template is tried at once. */
  private static final Duration LASTING = Duration.ofMinutes(1);

  private static final int UNPROCESSABLE = 422;
  private static final Pattern SUBJECT =
      Pattern.compile(
          "^(?:[Pp]ods?(?:\\.v1)? \"[^\"]*\" is (?:forbidden|invalid): )?(.*)$", Pattern.DOTALL);
  private static final Pattern QUOTA =
      Pattern.compile("exceeded quota: ([^,]+), (.*)", Pattern.DOTALL);

  static Refusal of(int code, String message) {
    String what = subjectless(message);
    return switch (code) {
      case HttpURLConnection.HTTP_FORBIDDEN -> forbidden(what);
      case UNPROCESSABLE ->
          new Refusal("PodInvalid", "the API server finds the Pod invalid: " + what, LASTING);
      case HttpURLConnection.HTTP_BAD_REQUEST -> denied(what);
      case HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_UNAUTHORIZED ->
          new Refusal("CreateFailed", plain(code, what), LASTING);
      default -> new Refusal("CreateFailed", plain(code, what), SAFETY_POLL);
    };
  }

  /** How long to wait after so many refusals in a row: 1 s, doubling. */
  Duration pause(int inARow) {
    Duration pause = Duration.ofSeconds(1L << Math.clamp(inARow - 1L, 0, 10));
    return pause.compareTo(longest) > 0 ? longest : pause;
  }

  private static Refusal forbidden(String what) {
    Matcher quota = QUOTA.matcher(what);
    if (quota.matches()) {
      return new Refusal(
          "QuotaExceeded",
          "quota %s leaves no room for another worker (%s); tried again every 10 s"
              .formatted(quota.group(1), quota.group(2)),
          SAFETY_POLL);
    }
    if (what.startsWith("failed quota: ")) {
      return new Refusal(
          "QuotaNeedsResources", what + "; set them in spec.template for that container", LASTING);
    }
    if (what.contains("violates PodSecurity")) {
      return new Refusal(
          "PodSecurityRefused", "the namespace's Pod Security refuses it: " + what, LASTING);
    }
    if (what.contains(" usage per ")
        || what.contains("LimitRange")
        || what.contains("to limit ratio")) {
      return new Refusal(
          "LimitRangeRefused", "the namespace's LimitRange refuses it: " + what, LASTING);
    }
    if (what.contains("is being terminated")) {
      return new Refusal("NamespaceTerminating", what, LASTING);
    }
    return what.contains("cannot create resource")
        ? new Refusal("CreateForbidden", "the operator's role does not allow it: " + what, LASTING)
        : denied(what);
  }

  private static Refusal denied(String what) {
    return what.contains("denied the request")
        ? new Refusal("AdmissionDenied", what, LASTING)
        : new Refusal("CreateFailed", "a Pod could not be created: " + what, LASTING);
  }

  private static String plain(int code, String what) {
    return "a Pod could not be created: " + (code <= 0 ? "" : code + " ") + what;
  }

  /** Without the Pod's name, so that the sentence stays the same from one to the next. */
  private static String subjectless(String message) {
    Matcher matcher = SUBJECT.matcher(message);
    return matcher.matches() ? matcher.group(1) : message;
  }
}
