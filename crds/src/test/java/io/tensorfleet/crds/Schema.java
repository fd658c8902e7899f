package io.tensorfleet.crds;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The committed CRD, and its fields by their paths: {@code spec.scaling.schedules[].name}. */
final class Schema {
  private static final KubernetesSerialization YAML =
      new KubernetesSerialization(new ObjectMapper(), false);

  private Schema() {}

  static CustomResourceDefinitionVersion version() {
    try {
      String text = Files.readString(Path.of(CrdYaml.NAME + ".yml"));
      return YAML.unmarshal(text, CustomResourceDefinition.class).getSpec().getVersions().get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every field below {@code spec} or {@code status}, in the order of their paths. */
  static Map<String, JSONSchemaProps> fields(String part) {
    return fields(part, version().getSchema().getOpenAPIV3Schema());
  }

  static Map<String, JSONSchemaProps> fields(String part, JSONSchemaProps root) {
    Map<String, JSONSchemaProps> found = new TreeMap<>();
    walk(part, root.getProperties().get(part), found);
    return found;
  }

  private static void walk(
      String path, @Nullable JSONSchemaProps schema, Map<String, JSONSchemaProps> found) {
    if (schema == null) {
      return;
    }
    found.put(path, schema);
    if (schema.getProperties() != null) {
      schema.getProperties().forEach((name, field) -> walk(path + "." + name, field, found));
    }
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      Map<String, JSONSchemaProps> fields = schema.getItems().getSchema().getProperties();
      fields.forEach((name, field) -> walk(path + "[]." + name, field, found));
    }
  }

  /** The YAML of a test as plain maps and lists. */
  static Map<?, ?> read(Path file) {
    try {
      return YAML.unmarshal(Files.readString(file), Map.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
