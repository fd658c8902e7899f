package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RbacCheckerTest {
  private static PolicyRule rule(String resource, String... verbs) {
    return new PolicyRuleBuilder()
        .withApiGroups("")
        .withResources(resource)
        .withVerbs(verbs)
        .build();
  }

  private static Audit.Request request(String verb, String resource, String sub, int code) {
    return new Audit.Request(verb, resource, sub, "n", "x", "u", "a", code, Instant.EPOCH);
  }

  private static Findings check(List<PolicyRule> rules, Audit.Request... requests) {
    return new RbacChecker(rules).check(List.of(requests));
  }

  @Test
  void whatIsGrantedAndUsedHolds() {
    assertThat(
            check(
                    List.of(rule("pods", "create"), rule("workerpools/status", "patch")),
                    request("create", "pods", "", 201),
                    request("patch", "workerpools", "status", 200))
                .faults())
        .isEmpty();
  }

  @Test
  void aVerbThatNobodyUsesIsFound() {
    assertThat(
            check(List.of(rule("pods", "create", "update")), request("create", "pods", "", 201))
                .faults())
        .containsExactly("granted and never used: update pods");
  }

  @Test
  void whatWasRefusedIsFoundAndIsNotGrantedEither() {
    assertThat(
            check(
                    List.of(rule("pods", "create")),
                    request("create", "pods", "", 201),
                    request("patch", "pods", "", 403))
                .faults())
        .anyMatch(f -> f.equals("asked for and not granted: patch pods"))
        .anyMatch(f -> f.startsWith("refused: "));
  }

  @Test
  void aSubresourceIsNotItsResource() {
    assertThat(
            check(
                    List.of(rule("workerpools", "patch")),
                    request("patch", "workerpools", "status", 200))
                .faults())
        .hasSize(2);
  }

  @Test
  void wildcardsSecretsAndExecAreFound() {
    assertThat(check(List.of(rule("*", "get"))).faults()).anyMatch(f -> f.contains("wildcards"));
    assertThat(check(List.of(rule("pods", "*"))).faults()).anyMatch(f -> f.contains("wildcards"));
    assertThat(check(List.of(rule("secrets", "get"))).faults())
        .anyMatch(f -> f.contains("never be"));
    assertThat(check(List.of(rule("pods/exec", "create"))).faults())
        .anyMatch(f -> f.contains("never be"));
  }
}
