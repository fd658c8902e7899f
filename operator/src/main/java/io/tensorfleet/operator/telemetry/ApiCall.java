package io.tensorfleet.operator.telemetry;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a request to the API server is about, in few words: however many objects there are, there
 * are not many of these.
 *
 * @param verb as in a Role: get, list, watch, create, update, patch, delete, deletecollection
 * @param resource its plural, with its subresource; other where nobody would look for it
 */
record ApiCall(String verb, String resource) {
  static final Set<String> KNOWN =
      Set.of(
          "pods",
          "pods/eviction",
          "workerpools",
          "workerpools/status",
          "events",
          "leases",
          "controllerrevisions",
          "secrets",
          "nodes",
          "namespaces",
          "customresourcedefinitions");

  static ApiCall of(String method, URI uri) {
    String[] parts =
        uri.getPath().replaceAll("^/(api/[^/]+|apis/[^/]+/[^/]+)/?", "").split("/", -1);
    boolean namespaced = parts.length > 2 && parts[0].equals("namespaces");
    int at = namespaced ? 2 : 0;
    String name = parts.length > at + 2 ? parts[at] + "/" + parts[at + 2] : parts[at];
    boolean one = parts.length > at + 1;
    return new ApiCall(verb(method, uri, one), KNOWN.contains(name) ? name : "other");
  }

  private static String verb(String method, URI uri, boolean one) {
    String query = Optional.ofNullable(uri.getQuery()).orElse("");
    return switch (method.toUpperCase(Locale.ROOT)) {
      case "GET" -> query.matches("(.*&)?watch=(true|1)(&.*)?") ? "watch" : one ? "get" : "list";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> one ? "delete" : "deletecollection";
      default -> "other";
    };
  }
}
