package io.tensorfleet.e2e.drill;

import java.util.LinkedHashMap;
import java.util.Map;

/** Specs that the API server takes as they are. */
final class PoolOddities {
  /** Those of which the pool must say what is wrong, in YAML. */
  static final Map<String, String> TAKEN = new LinkedHashMap<>();

  /** Those that are only strange. */
  static final Map<String, String> STRANGE = new LinkedHashMap<>();

  private static final String ONE = "{minReplicas: 1, template: {%s}}";

  static {
    template("containers is a map", "spec: {containers: {name: worker}}");
    template("containers is a text", "spec: {containers: worker}");
    template("a container is a number", "spec: {containers: [7]}");
    template("volumes is a number", "spec: {volumes: 7}");
    template("env is a map", "spec: {containers: [{name: worker, env: {A: b}}]}");
    template(
        "a port is a text", "spec: {containers: [{name: worker, ports: [{containerPort: http}]}]}");
    template("grace is a text", "spec: {terminationGracePeriodSeconds: soon}");
    template("labels is a list", "metadata: {labels: [a, b]}");
    template("annotations is a text", "metadata: {annotations: none}");
    template("securityContext is a list", "spec: {securityContext: []}");
    template("resources is a text", "spec: {containers: [{name: worker, resources: much}]}");
    template("a label's value is none", "metadata: {labels: {team: 'a b!'}}");
    template("a label's name is none", "metadata: {labels: {'-': x}}");
    template(
        "an annotation is too large",
        "metadata: {annotations: {a: %s}}".formatted("x".repeat(270_000)));
    template("a container without image", "spec: {containers: [{name: side}]}");
    template("a container's name is none", "spec: {containers: [{name: 'Not A Name', image: x}]}");
    template(
        "a port out of range",
        "spec: {containers: [{name: worker, ports: [{containerPort: 70000}]}]}");
    template(
        "a quantity is none",
        "spec: {containers: [{name: worker, resources: {limits: {memory: much}}}]}");
    template(
        "a negative limit", "spec: {containers: [{name: worker, resources: {limits: {cpu: -1}}}]}");
    template("restartPolicy is unknown", "spec: {restartPolicy: Sometimes}");
    template("dnsPolicy is unknown", "spec: {dnsPolicy: Mine}");
    template("no such service account", "spec: {serviceAccountName: nobody}");
    template("no such priority", "spec: {priorityClassName: nobody}");
    template("no such runtime class", "spec: {runtimeClassName: nobody}");
    template("no such node", "spec: {nodeSelector: {moon: dark}}");
    template(
        "a mount without volume",
        "spec: {containers: [{name: worker, volumeMounts: [{name: x, mountPath: /x}]}]}");
    template("hostname is none", "spec: {hostname: 'a b'}");
    template(
        "a variable's name is none",
        "spec: {containers: [{name: worker, env: [{name: '=', value: x}]}]}");
    taken("no such time zone", schedule("0 8 * * *", "0 9 * * *", "Mars/Phobos"));
    taken("days in the wrong order", schedule("0 8 * * FRI-MON", "0 9 * * *", "Etc/UTC"));
    taken("nobody answers there", "{orchestrator: {address: '127.0.0.1:1'}}");
    taken("no such host", "{orchestrator: {address: 'no-such-host.invalid:50051'}}");
    taken("no such secret", "{orchestrator: {tls: {secretName: nothing}}, minReplicas: 1}");
    STRANGE.put("a day that never comes", schedule("0 0 31 2 *", "0 0 30 2 *", "Etc/UTC"));
    STRANGE.put(
        "two workers", ONE.formatted("spec: {containers: [{name: worker}, {name: worker}]}"));
    STRANGE.put("a negative grace", ONE.formatted("spec: {terminationGracePeriodSeconds: -5}"));
    STRANGE.put("start and end are one", schedule("* * * * *", "* * * * *", "Etc/UTC"));
    STRANGE.put(
        "the longest durations",
        "{scaling: {drainTime: 99999h, fallback: {after: 99999h}}, worker: {drainTimeout: 99999h, taskTimeout: 99999h}, update: {progressDeadline: 99999h}, protection: {maxDuration: 99999h}}");
    STRANGE.put(
        "the shortest durations",
        "{scaling: {drainTime: 1ns, fallback: {after: '0', action: Max}}, worker: {drainTimeout: 1ns, heartbeatInterval: 0.1ns}, update: {progressDeadline: 1ns}, protection: {maxDuration: 1ns}}");
    STRANGE.put("much kept free, few allowed", "{maxReplicas: 2, scaling: {minIdle: 1000000}}");
    STRANGE.put("nothing is allowed", "{maxReplicas: 0, scaling: {minIdle: 5}}");
    STRANGE.put(
        "a huge tolerance",
        "{scaling: {behavior: {scaleUp: {tolerance: 999999}, scaleDown: {tolerance: '999999.999999'}}}}");
    STRANGE.put(
        "surge above all",
        "{minReplicas: 1, maxReplicas: 1, update: {maxSurge: 999%, maxUnavailable: 100%}}");
    STRANGE.put(
        "5,000 variables",
        "{minReplicas: 1, maxReplicas: 1, template: {spec: {containers: [{name: worker, env: [%s]}]}}}"
            .formatted("{name: A, value: b},".repeat(5_000)));
    STRANGE.put(
        "a template of unknown fields",
        "{minReplicas: 1, maxReplicas: 1, template: {spec: {colour: red, containers: [{name: worker, taste: sweet}]}}}");
    STRANGE.put("an image that is none", "{minReplicas: 1, maxReplicas: 1, image: ':::///@@'}");
  }

  private PoolOddities() {}

  private static void template(String name, String yaml) {
    taken("template: " + name, ONE.formatted(yaml));
  }

  private static void taken(String name, String yaml) {
    TAKEN.put(name, yaml);
  }

  private static String schedule(String start, String end, String zone) {
    return "{scaling: {schedules: [{name: odd, start: '%s', end: '%s', timeZone: %s, minReplicas: 1}]}}"
        .formatted(start, end, zone);
  }
}
