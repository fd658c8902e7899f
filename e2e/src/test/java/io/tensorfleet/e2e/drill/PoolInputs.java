package io.tensorfleet.e2e.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.e2e.drill.Reply.Expect;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Bad specs of WorkerPools: each field with values that are none, and strange ones that are taken.
 */
final class PoolInputs {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Set<String> SCALARS = Set.of("integer", "string", "boolean");
  private static final String NINES = "9".repeat(10_000);

  /** In YAML; those that are null leave the field to its default. */
  private static final List<String> VALUES =
      List.of(
          "''",
          "'a b'",
          "-1",
          "1.5",
          "1e300",
          "9223372036854775807",
          "true",
          "[[]]",
          "{a: {b: 1}}",
          "null",
          "\"\\0\\e[2J\\u2028FORGED\"",
          "'" + NINES + "'");

  /**
   * One spec to try.
   *
   * @param expect REFUSAL: no server may take it; CONDITION: taken, and the pool must say what is
   *     wrong; ANSWER: either, and nothing may break
   */
  record Input(String name, Expect expect, JsonNode spec) {}

  private PoolInputs() {}

  /** All of them. */
  static List<Input> all() {
    List<Input> inputs = new ArrayList<>();
    walk(List.of(), schema(), inputs);
    PoolOddities.TAKEN.forEach((name, spec) -> inputs.add(read(name, Expect.CONDITION, spec)));
    PoolOddities.STRANGE.forEach((name, spec) -> inputs.add(read(name, Expect.ANSWER, spec)));
    return inputs;
  }

  static Input read(String name, Expect expect, String yaml) {
    return new Input(name, expect, value(yaml));
  }

  private static void walk(List<String> path, JsonNode schema, List<Input> inputs) {
    for (String value : VALUES) {
      JsonNode wrong = value(value);
      boolean refused = SCALARS.contains(schema.path("type").asText()) && wrong.isContainerNode();
      String name = "spec" + String.join("", path) + " = " + shortened(value);
      inputs.add(new Input(name, refused ? Expect.REFUSAL : Expect.ANSWER, at(path, wrong)));
    }
    schema
        .path("properties")
        .properties()
        .forEach(field -> walk(with(path, "." + field.getKey()), field.getValue(), inputs));
    if (schema.path("items").has("properties")) {
      walk(with(path, "[]"), schema.path("items"), inputs);
    }
  }

  private static List<String> with(List<String> path, String part) {
    List<String> longer = new ArrayList<>(path);
    longer.add(part);
    return longer;
  }

  /** A spec that has this value at this path, and nothing else. */
  private static JsonNode at(List<String> path, JsonNode value) {
    JsonNode spec = value;
    for (String part : path.reversed()) {
      spec =
          part.equals("[]")
              ? JsonNodeFactory.instance.arrayNode().add(spec)
              : JsonNodeFactory.instance.objectNode().set(part.substring(1), spec);
    }
    return spec;
  }

  private static JsonNode schema() {
    String crd = "/crds/workerpools.tensorfleet.io-v1.yml";
    try (InputStream in = Objects.requireNonNull(WorkerPool.class.getResourceAsStream(crd))) {
      return YAML.readTree(in).at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static JsonNode value(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("no YAML: " + yaml, e);
    }
  }

  private static String shortened(String value) {
    return value.length() <= 30 ? value : value.substring(0, 30) + "…";
  }

  /** The whole object. */
  static ObjectNode pool(String name, JsonNode spec) {
    ObjectNode pool = JsonNodeFactory.instance.objectNode();
    pool.put("apiVersion", "tensorfleet.io/v1alpha1").put("kind", "WorkerPool");
    pool.putObject("metadata").put("name", name);
    pool.set("spec", spec);
    return pool;
  }

  /** Names that are strange and those that are none, each with what is to be expected. */
  static Map<String, Expect> names() {
    return Map.of(
        "a".repeat(52),
        Expect.ANSWER,
        "a".repeat(53),
        Expect.REFUSAL,
        "a.b.c",
        Expect.ANSWER,
        "0",
        Expect.ANSWER,
        "UPPER",
        Expect.REFUSAL,
        "a b",
        Expect.REFUSAL,
        "-a",
        Expect.REFUSAL);
  }
}
