package io.tensorfleet.operator.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names the revision of a completed Pod template: ten hexadecimal digits. Two templates that make
 * the same Pods have the same: the order of keys, quantities written otherwise (1Gi, 1024Mi) and
 * defaults of Kubernetes that are spelled out do not matter, nor does metadata other than labels
 * and annotations, which never reaches a Pod.
 */
final class RevisionHash {
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  /** What the API server writes into a Pod where nothing is said: field of which object, value. */
  private static final Map<String, String> DEFAULTS = defaults();

  /** Objects whose keys are chosen by people. */
  private static final Set<String> FREE =
      Set.of("labels", "annotations", "nodeSelector", "matchLabels", "options", "volumeAttributes");

  private static final Set<String> QUANTITIES = Set.of("limits", "requests");

  private RevisionHash() {}

  static String of(PodTemplateSpec template) {
    Map<String, Object> whole = new TreeMap<>();
    if (template.getMetadata() != null) {
      whole.put("labels", or(template.getMetadata().getLabels()));
      whole.put("annotations", or(template.getMetadata().getAnnotations()));
    }
    whole.put("spec", template.getSpec());
    JsonNode tree = CANONICAL.valueToTree(whole);
    simplify("", tree);
    try {
      Object sorted = CANONICAL.treeToValue(tree, TreeMap.class);
      byte[] text = CANONICAL.writeValueAsString(sorted).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest, 0, 5);
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("a Pod template could not be hashed", e);
    }
  }

  private static Map<String, String> or(Map<String, String> map) {
    return Optional.ofNullable(map).orElse(Map.of());
  }

  /** In place; {@code name} is the field that holds the node, or its array. */
  private static void simplify(String name, JsonNode node) {
    if (FREE.contains(name)) {
      return;
    }
    if (node instanceof ObjectNode object) {
      if (QUANTITIES.contains(name)) {
        object.properties().forEach(entry -> object.put(entry.getKey(), amount(entry.getValue())));
        return;
      }
      dropDefaults(name, object);
      object.properties().forEach(entry -> simplify(entry.getKey(), entry.getValue()));
    } else {
      node.forEach(item -> simplify(name, item));
    }
  }

  private static void dropDefaults(String name, ObjectNode object) {
    String pull = pullPolicy(object.path("image").asText());
    object
        .properties()
        .removeIf(
            entry -> {
              String value = entry.getValue().isValueNode() ? entry.getValue().asText() : "{}";
              boolean empty = entry.getValue().isContainerNode() && entry.getValue().isEmpty();
              String usual = DEFAULTS.get(name + "/" + entry.getKey());
              return entry.getValue().isNull()
                  || (value.equals(usual) && (entry.getValue().isValueNode() || empty))
                  || (entry.getKey().equals("imagePullPolicy") && value.equals(pull));
            });
  }

  /** Always for what may change under its name: no tag, or latest; a digest never does. */
  private static String pullPolicy(String image) {
    String last = image.substring(image.lastIndexOf('/') + 1);
    boolean moves = !last.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
    return moves ? "Always" : "IfNotPresent";
  }

  private static String amount(JsonNode quantity) {
    try {
      return new Quantity(quantity.asText())
          .getNumericalAmount()
          .stripTrailingZeros()
          .toPlainString();
    } catch (IllegalArgumentException e) {
      return quantity.asText();
    }
  }

  private static Map<String, String> defaults() {
    Map<String, String> all = new LinkedHashMap<>();
    all.putAll(
        of("spec", "restartPolicy=Always dnsPolicy=ClusterFirst schedulerName=default-scheduler"));
    all.putAll(
        of("spec", "hostNetwork=false hostPID=false hostIPC=false serviceAccountName=default"));
    all.putAll(of("spec", "shareProcessNamespace=false securityContext={}"));
    Stream.of("containers", "initContainers")
        .map(
            kind ->
                of(
                    kind,
                    "terminationMessagePath=/dev/termination-log terminationMessagePolicy=File"
                        + " stdin=false stdinOnce=false tty=false resources={} securityContext={}"))
        .forEach(all::putAll);
    Stream.of("startupProbe", "livenessProbe", "readinessProbe")
        .map(
            kind ->
                of(
                    kind,
                    "initialDelaySeconds=0 timeoutSeconds=1 periodSeconds=10 successThreshold=1"
                        + " failureThreshold=3"))
        .forEach(all::putAll);
    all.putAll(of("ports", "protocol=TCP"));
    all.putAll(of("httpGet", "path=/ scheme=HTTP"));
    all.putAll(of("fieldRef", "apiVersion=v1"));
    all.putAll(of("volumeMounts", "readOnly=false"));
    all.putAll(of("securityContext", "privileged=false"));
    Stream.of("configMap", "secret", "projected", "downwardAPI")
        .map(kind -> of(kind, "defaultMode=420"))
        .forEach(all::putAll);
    return Map.copyOf(all);
  }

  private static Map<String, String> of(String object, String fields) {
    return Stream.of(fields.split(" "))
        .map(field -> field.split("=", 2))
        .collect(Collectors.toMap(pair -> object + "/" + pair[0], pair -> pair[1]));
  }
}
