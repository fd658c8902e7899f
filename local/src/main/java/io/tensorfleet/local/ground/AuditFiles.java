package io.tensorfleet.local.ground;

import io.tensorfleet.local.process.PrivateFile;
import java.nio.file.Path;
import java.util.List;

/**
 * The API server's audit log: one line of JSON for each write, and for each read by a service
 * account; without bodies, and without what a kubelet and the control plane itself do all the time.
 */
record AuditFiles(Path folder) {
  private static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - level: None
        users: ["system:apiserver"]
      - level: None
        namespaces: ["kube-node-lease"]
      - level: None
        users: ["admin"]
        resources:
        - group: ""
          resources: ["pods/status", "pods/binding", "nodes", "nodes/status", "events"]
        - group: "events.k8s.io"
          resources: ["events"]
      - level: Metadata
        userGroups: ["system:serviceaccounts"]
      - level: Metadata
        verbs: ["create", "update", "patch", "delete", "deletecollection"]
      - level: None
      """;

  /** More than any run writes: the log is not cut in two while it is read. */
  private static final int MOST_MEGABYTES = 100_000;

  Path log() {
    return folder.resolve("audit.log");
  }

  /** What the API server is told, once the policy is written. */
  List<String> arguments() {
    Path policy = folder.resolve("audit-policy.yaml");
    new PrivateFile(policy).write(POLICY);
    return List.of(
        "--audit-policy-file=" + policy,
        "--audit-log-path=" + log(),
        "--audit-log-mode=blocking",
        "--audit-log-maxsize=" + MOST_MEGABYTES);
  }
}
