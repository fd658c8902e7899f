package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the queue is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.address) || self.address.matches('^(dns:///)?([A-Za-z0-9._-]+|\\\\[[0-9A-Fa-f:.]+\\\\]):"
            + Rules.PORT
            + "$')",
    messageExpression =
        "'orchestrator.address is \"' + self.address + '\": write host:port, such as tensorfleet-orchestrator:50051, or dns:///host:port; a port is 1 to 65535'",
    message = "orchestrator.address must be host:port, such as tensorfleet-orchestrator:50051",
    fieldPath = ".address",
    reason = "FieldValueInvalid")
public record OrchestratorRef(
    @JsonPropertyDescription(
            "host:port (or dns:///host:port) of the orchestrator that holds the queue. Absent: the operator's own default.")
        @Nullable String address,
    @JsonPropertyDescription("Mutual TLS towards the orchestrator. Absent: plaintext.")
        @Nullable Tls tls) {

  /** Mutual TLS from a Secret. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "self.secretName.matches('^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$')",
      message =
          "orchestrator.tls.secretName must name a Secret of this namespace with ca.crt, tls.crt and tls.key; leave tls out for plaintext",
      fieldPath = ".secretName",
      reason = "FieldValueInvalid")
  public record Tls(
      @Required
          @JsonPropertyDescription(
              "Name of a Secret in the pool's namespace with the PEM files ca.crt, tls.crt and tls.key: lower case letters, digits, dots and dashes.")
          String secretName) {}

  static OrchestratorRef defaults() {
    return new OrchestratorRef(null, null);
  }

  /** The address that the pool names itself. */
  public Optional<String> ownAddress() {
    return Optional.ofNullable(address);
  }
}
