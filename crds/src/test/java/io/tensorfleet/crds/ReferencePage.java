package io.tensorfleet.crds;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The page on the custom resource, made from its CRD. */
final class ReferencePage {
  /** What each condition says when it is True. */
  static final Map<String, String> CONDITIONS = new LinkedHashMap<>();

  static {
    CONDITIONS.put(
        "Ready", "as many workers are ready as were decided; `kubectl wait --for=condition=Ready`");
    CONDITIONS.put("Progressing", "workers start, leave, or are replaced by a newer revision");
    CONDITIONS.put(
        "Degraded",
        "something keeps workers from being made, started or removed; the message names it");
    CONDITIONS.put(
        "QueueReachable", "the orchestrator tells what is in the queue; False: the size is held");
    CONDITIONS.put("ScalingLimited", "a bound or a rate keeps the size from the one asked for");
    CONDITIONS.put("Paused", "`scaling.mode` or `replicas` keeps the operator from deciding");
  }

  private final CustomResourceDefinitionSpec crd;
  private final CustomResourceDefinitionVersion version;
  private final List<String> lines = new ArrayList<>();

  ReferencePage(CustomResourceDefinitionSpec crd) {
    this.crd = crd;
    this.version = crd.getVersions().get(0);
  }

  String text() {
    head();
    fields("spec");
    refusals();
    fields("status");
    conditions();
    columns();
    return String.join("\n", lines) + "\n";
  }

  private void head() {
    say("# The WorkerPool", "");
    say("Generated from the CRD by `make crds`; do not edit.", "");
    say(
        "`apiVersion: %s/%s`, `kind: %s`, %s; short names %s; part of `kubectl get %s`."
            .formatted(
                crd.getGroup(),
                version.getName(),
                crd.getNames().getKind(),
                crd.getScope().toLowerCase(java.util.Locale.ROOT),
                crd.getNames().getShortNames().stream()
                    .map(name -> "`" + name + "`")
                    .collect(Collectors.joining(", ")),
                crd.getNames().getCategories().getFirst()),
        "`kubectl explain workerpool.spec` tells the same. Durations are Go's (`300ms`, `30s`, `1m30s`, `2h`), below 100000h.",
        "");
  }

  private void fields(String part) {
    Map<String, JSONSchemaProps> fields =
        Schema.fields(part, version.getSchema().getOpenAPIV3Schema());
    boolean spec = part.equals("spec");
    say("## " + part, "");
    say(
        spec ? "| field | type | default | accepted | meaning |" : "| field | type | meaning |",
        spec ? "|---|---|---|---|---|" : "|---|---|---|");
    fields.forEach(
        (path, field) -> {
          if (!path.equals(part)) {
            say(spec ? specRow(path, field) : statusRow(path, field));
          }
        });
    say("");
  }

  private static String specRow(String path, JSONSchemaProps field) {
    return row("`" + path + "`", type(field), usual(field), accepted(field), meaning(field));
  }

  private static String statusRow(String path, JSONSchemaProps field) {
    return row("`" + path + "`", type(field), meaning(field));
  }

  private static String type(JSONSchemaProps field) {
    if (Boolean.TRUE.equals(field.getXKubernetesIntOrString())) {
      return "integer or string";
    }
    return field.getType() == null ? "number or string" : field.getType();
  }

  private static String usual(JSONSchemaProps field) {
    JsonNode usual = field.getDefault();
    return usual != null && usual.isValueNode() ? "`" + usual.asText() + "`" : "";
  }

  private static String accepted(JSONSchemaProps field) {
    if (!field.getEnum().isEmpty()) {
      return field.getEnum().stream()
          .map(word -> "`" + word.asText() + "`")
          .collect(Collectors.joining(" "));
    }
    if (field.getMaximum() != null) {
      return field.getMinimum().longValue() + " to " + field.getMaximum().longValue();
    }
    return Stream.of(most(field.getMaxItems(), "items"), most(field.getMaxProperties(), "keys"))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static String most(@Nullable Long count, String of) {
    return count == null || count == 0 ? "" : "at most " + count + " " + of;
  }

  private static String meaning(JSONSchemaProps field) {
    return String.valueOf(field.getDescription()).replaceFirst(" Default: [^ ]*\\.$", "");
  }

  private void refusals() {
    say("## What is refused besides", "");
    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    rules("", root).distinct().forEach(message -> say("- " + message));
    say("");
  }

  private static Stream<String> rules(String path, JSONSchemaProps schema) {
    Stream<String> own =
        schema.getXKubernetesValidations().stream().map(ValidationRule::getMessage);
    Stream<JSONSchemaProps> items =
        schema.getItems() == null ? Stream.empty() : Stream.of(schema.getItems().getSchema());
    Stream<JSONSchemaProps> parts =
        schema.getProperties() == null ? Stream.empty() : schema.getProperties().values().stream();
    return Stream.concat(own, Stream.concat(items, parts).flatMap(part -> rules(path, part)));
  }

  private void conditions() {
    say("## Conditions", "", "| type | True means |", "|---|---|");
    CONDITIONS.forEach((type, meaning) -> say(row("`" + type + "`", meaning)));
    say("");
  }

  private void columns() {
    say("## Columns of `kubectl get wp`", "", "| column | from | shown |", "|---|---|---|");
    version.getAdditionalPrinterColumns().stream().map(ReferencePage::column).forEach(this::say);
  }

  private static String column(CustomResourceColumnDefinition column) {
    boolean wide = column.getPriority() != null && column.getPriority() > 0;
    return row(
        column.getName(), "`" + column.getJsonPath() + "`", wide ? "with `-o wide`" : "always");
  }

  private static String row(String... cells) {
    return Stream.of(cells)
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private void say(String... more) {
    lines.addAll(List.of(more));
  }
}
