package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares what a role grants with what was asked for by whoever had it, as the API server wrote it
 * down: nothing more granted than used, nothing asked for that is not granted.
 */
record RbacChecker(List<PolicyRule> rules) {
  /** Readers of these can become somebody else, or look into a Pod. */
  private static final Set<String> NEVER =
      Set.of("secrets", "pods/exec", "pods/attach", "pods/portforward", "serviceaccounts/token");

  RbacChecker {
    rules = List.copyOf(rules);
  }

  Findings check(List<Audit.Request> requests) {
    Set<String> granted = granted();
    Set<String> used =
        requests.stream()
            .filter(r -> !r.resource().isEmpty())
            .map(r -> key(r.verb(), resource(r)))
            .collect(Collectors.toCollection(TreeSet::new));
    List<Audit.Request> forbidden = requests.stream().filter(r -> r.code() == 403).toList();
    var book =
        new Findings.Book()
            .figure("granted", granted.size())
            .figure("requests", requests.size())
            .figure("forbidden", forbidden.size());
    book.figure("unused", minus(granted, used).size())
        .figure("not_granted", minus(used, granted).size());
    minus(granted, used).forEach(g -> book.expect(false, "granted and never used: " + g));
    minus(used, granted).forEach(u -> book.expect(false, "asked for and not granted: " + u));
    forbidden.forEach(r -> book.expect(false, "refused: " + r));
    breadth(book);
    return book.close();
  }

  private void breadth(Findings.Book book) {
    long wildcards = granted().stream().filter(g -> g.contains("*")).count();
    long never =
        granted().stream().filter(g -> NEVER.contains(g.replaceFirst("^\\S+ ", ""))).count();
    long urls = rules.stream().filter(r -> !r.getNonResourceURLs().isEmpty()).count();
    book.figure("wildcards", wildcards)
        .figure("secrets_or_exec", never)
        .expect(wildcards == 0, "the role has wildcards")
        .expect(never == 0, "the role grants what must never be granted: one of " + NEVER)
        .expect(urls == 0, "the role grants URLs");
  }

  private Set<String> granted() {
    Set<String> all = new TreeSet<>();
    for (PolicyRule rule : rules) {
      for (String resource : rule.getResources()) {
        rule.getVerbs().forEach(verb -> all.add(key(verb, resource)));
        rule.getApiGroups().stream()
            .filter(group -> group.contains("*"))
            .forEach(group -> all.add(key(group, resource)));
      }
    }
    return all;
  }

  private static Set<String> minus(Set<String> all, Set<String> less) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(less);
    return rest;
  }

  private static String resource(Audit.Request request) {
    return request.subresource().isEmpty()
        ? request.resource()
        : request.resource() + "/" + request.subresource();
  }

  private static String key(String verb, String resource) {
    return verb + " " + resource;
  }
}
