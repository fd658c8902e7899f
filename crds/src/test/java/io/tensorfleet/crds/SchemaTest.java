package io.tensorfleet.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code kubectl explain} tells of each field, and that each field has its examples. */
class SchemaTest {
  private static final Path EXAMPLES = Path.of("src/test/resources");

  /** Forms whose content is somebody else's. */
  private static final Set<String> OPEN = Set.of("spec.template.metadata", "spec.template.spec");

  @ParameterizedTest
  @ValueSource(strings = {"spec", "status"})
  void everyFieldIsDescribedInASentence(String part) {
    assertThat(Schema.fields(part))
        .allSatisfy(
            (path, field) ->
                assertThat(field.getDescription()).as(path).isNotBlank().endsWith("."));
  }

  @Test
  void theBoundsOfANumberAreTold() {
    assertThat(Schema.fields("spec"))
        .allSatisfy(
            (path, field) ->
                Optional.ofNullable(field.getMaximum())
                    .map(
                        most ->
                            "%d to %d".formatted(field.getMinimum().longValue(), most.longValue()))
                    .ifPresent(
                        range -> assertThat(field.getDescription()).as(path).contains(range)));
  }

  @Test
  void everyNumberOfTheStatusIsBoundedToWhatTheOperatorCanRead() {
    var numbers = new TreeMap<>(Schema.fields("status"));
    numbers.values().removeIf(field -> !"integer".equals(field.getType()));
    assertThat(numbers)
        .hasSizeGreaterThan(15)
        .allSatisfy(
            (path, field) -> {
              boolean large = path.matches(".*(Generation|pending|running|demandSlots)");
              long most = large ? WorkerPoolStatus.MOST_COUNTED : WorkerPoolStatus.MOST_WORKERS;
              assertThat(field.getMinimum()).as(path).isZero();
              assertThat(field.getMaximum()).as(path).isEqualTo((double) most);
            });
  }

  @Test
  void everyAcceptedWordIsTold() {
    assertThat(Schema.fields("spec"))
        .allSatisfy(
            (path, field) ->
                assertThat(field.getDescription())
                    .as(path)
                    .contains(words(field).toArray(String[]::new)));
  }

  private static List<String> words(JSONSchemaProps field) {
    var words = field.getEnum().stream().map(JsonNode::asText).collect(Collectors.toList());
    words.add("");
    return words;
  }

  @Test
  void aDefaultOrTheMeaningOfAbsenceIsToldOfEveryValue() {
    Set<String> required =
        Set.of(
            "name", "start", "end", "minReplicas", "type", "value", "periodSeconds", "secretName");
    assertThat(Schema.fields("spec"))
        .allSatisfy(
            (path, field) -> {
              boolean value = field.getProperties() == null || field.getProperties().isEmpty();
              boolean inList = path.contains("[]") || path.endsWith("secretName");
              if (value && !OPEN.contains(path) && !(inList && required.contains(last(path)))) {
                assertThat(field.getDescription())
                    .as(path)
                    .containsPattern("Default: |Absent: |None: |only with");
              }
            });
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  @Test
  void everyFieldOfTheSpecHasABadExample() throws IOException {
    assertThat(missing(examples("bad"))).isEmpty();
  }

  @Test
  void everyFieldOfTheSpecHasAGoodExample() throws IOException {
    assertThat(missing(examples("good"))).isEmpty();
  }

  @Test
  void aRefusalThatIsExpectedNamesWhatIsWrongAndWhatIsAccepted() throws IOException {
    for (Path file : examples("bad")) {
      String expected = Files.readAllLines(file).getFirst();
      assertThat(expected)
          .as("%s", file)
          .startsWith("# expect: ")
          .containsPattern(
              "write |must |should |Required value|Unsupported value.*supported values|Duplicate value|unknown field|Too many|is only read with|is missing");
    }
  }

  private static Set<String> missing(List<Path> examples) {
    Set<String> fields = new TreeSet<>();
    Schema.fields("spec")
        .forEach(
            (path, field) -> {
              if (field.getProperties() == null || field.getProperties().isEmpty()) {
                fields.add(path);
              }
            });
    fields.removeAll(examples.stream().flatMap(SchemaTest::paths).toList());
    return fields;
  }

  private static List<Path> examples(String folder) throws IOException {
    try (var files = Files.list(EXAMPLES.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static Stream<String> paths(Path file) {
    List<String> found = new ArrayList<>();
    collect("", Schema.read(file), found);
    return found.stream();
  }

  private static void collect(String path, @Nullable Object value, List<String> found) {
    found.add(path);
    switch (value) {
      case null -> {}
      case Map<?, ?> fields ->
          fields.forEach(
              (name, field) ->
                  collect(path.isEmpty() ? name.toString() : path + "." + name, field, found));
      case List<?> items -> items.forEach(item -> collect(path + "[]", item, found));
      default -> {}
    }
  }
}
