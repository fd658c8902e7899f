package io.tensorfleet.e2e.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the API server itself says about who asked it for what: all writes, and the reads of service
 * accounts. The witness from outside.
 */
public final class Audit {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> READS = Set.of("get", "list", "watch");

  private final Path log;

  Audit(Path log) {
    this.log = log;
  }

  /**
   * One request. A watch has one record when it begins and one when it ends.
   *
   * @param subresource empty where there is none; the same goes for namespace and name
   * @param name as asked for; of an object made under a name in the body, the name there
   * @param code of the answer
   * @param time when the request came
   */
  public record Request(
      String verb,
      String resource,
      String subresource,
      String namespace,
      String name,
      String user,
      String userAgent,
      int code,
      Instant time) {

    public boolean isWrite() {
      return !READS.contains(verb);
    }

    /** Whether one of a drill's operators asked. */
    public boolean byOperator() {
      return user.startsWith("system:serviceaccount:" + Cluster.OPERATORS + ":");
    }

    public boolean accepted() {
      return code >= 200 && code < 300;
    }

    /** Whether it is about this kind of object, subresources apart. */
    public boolean is(String wantedVerb, String wantedResource) {
      return verb.equals(wantedVerb) && resource.equals(wantedResource) && subresource.isEmpty();
    }
  }

  /** All requests so far, in the order of their answers. */
  public List<Request> requests() {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.flatMap(line -> request(line).stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those that came at that time or later. */
  public List<Request> since(Instant time) {
    return requests().stream().filter(request -> !request.time().isBefore(time)).toList();
  }

  /** Writes what operators asked for since that time into the history. */
  public void tell(History history, Instant from) {
    since(from).stream()
        .filter(Request::byOperator)
        .forEach(
            request ->
                history.add(
                    new Event.Asked(history.ofWall(request.time().toEpochMilli()), request)));
  }

  /** Empty for the last line while it is being written. */
  static Optional<Request> request(String line) {
    JsonNode event;
    try {
      event = JSON.readTree(line);
    } catch (IOException unfinished) {
      return Optional.empty();
    }
    JsonNode object = event.path("objectRef");
    return Optional.of(
        new Request(
            event.path("verb").asText(),
            object.path("resource").asText(),
            object.path("subresource").asText(),
            object.path("namespace").asText(),
            object.path("name").asText(),
            event.path("user").path("username").asText(),
            event.path("userAgent").asText(),
            event.path("responseStatus").path("code").asInt(),
            Instant.parse(event.path("requestReceivedTimestamp").asText())));
  }
}
