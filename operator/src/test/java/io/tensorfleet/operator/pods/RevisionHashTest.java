package io.tensorfleet.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a new revision, and what is not. */
class RevisionHashTest {
  private static final String PLAIN =
      """
      image: mine:1
      template:
        metadata: {labels: {team: red}}
        spec:
          nodeSelector: {gpu: "yes"}
          containers:
          - name: worker
            resources: {limits: {memory: 1Gi, cpu: 500m}}
            livenessProbe: {httpGet: {port: 80}}
          - name: side
            image: side
            ports: [{containerPort: 80}]
          volumes: [{name: v, secret: {secretName: s}}]
      """;

  private static final String SPELLED_OUT =
      """
      minReplicas: 0
      maxReplicas: 10
      queue: default
      worker: {maxConcurrentTasks: 3, drainTimeout: 10m}
      update: {maxSurge: "25%", maxUnavailable: 0, progressDeadline: 10m, rollback: false}
      image: mine:1
      template:
        metadata: {name: ignored, namespace: ignored, creationTimestamp: null, labels: {team: red}}
        spec:
          volumes: [{secret: {secretName: s, defaultMode: 420}, name: v}]
          restartPolicy: Always
          dnsPolicy: ClusterFirst
          schedulerName: default-scheduler
          hostNetwork: false
          containers:
          - name: worker
            imagePullPolicy: IfNotPresent
            terminationMessagePath: /dev/termination-log
            terminationMessagePolicy: File
            resources: {limits: {cpu: "0.5", memory: 1024Mi}}
            livenessProbe:
              {failureThreshold: 3, periodSeconds: 10, timeoutSeconds: 1, httpGet: {path: /, scheme: HTTP, port: 80}}
          - name: side
            image: side
            imagePullPolicy: Always
            resources: {}
            ports: [{containerPort: 80, protocol: TCP}]
          nodeSelector: {gpu: "yes"}
      """;

  @Test
  void defaultsThatAreSpelledOutAndTheOrderOfKeysAreNoNewRevision() {
    assertThat(revision(pool(SPELLED_OUT))).isEqualTo(revision(pool(PLAIN)));
  }

  @Test
  void whatDoesNotReachThePodIsNoNewRevision() {
    WorkerPool other = pool(PLAIN + "maxReplicas: 99\nscaling: {minIdle: 4}\nreplicas: 3\n");
    other.getMetadata().setLabels(Map.of("a", "b"));
    other.getMetadata().setAnnotations(Map.of("a", "b"));
    assertThat(revision(other)).isEqualTo(revision(pool(PLAIN)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "team: red => team: blue",
        "mine:1 => mine:2",
        "1Gi => 2Gi",
        "port: 80 => port: 81",
        "image: side => image: side:2",
        "name: side => name: other",
        "secretName: s => secretName: t",
        "secretName: s => secretName: s, defaultMode: 256",
        "{team: red} => {team: red, protocol: TCP}",
        "team: red} => team: red}, annotations: {restartedAt: now}",
        "containerPort: 80 => containerPort: 80, protocol: UDP",
        "image: side => imagePullPolicy: Never, image: side",
      })
  void whatReachesThePodIsANewRevision(String change) {
    String[] parts = change.split(" => ", 2);
    String text = PLAIN.replace(parts[0], parts[1].replace("Never, image", "Never\n      image"));
    assertThat(text).isNotEqualTo(PLAIN);
    assertThat(revision(pool(text))).isNotEqualTo(revision(pool(PLAIN)));
  }

  @Test
  void anImageWithADigestIsNotPulledAlways() {
    String digest = "image: side@sha256:0123";
    String pulled = digest + "\n      imagePullPolicy: ";
    String plain = revision(pool(PLAIN.replace("image: side", digest)));
    assertThat(revision(pool(PLAIN.replace("image: side", pulled + "IfNotPresent"))))
        .isEqualTo(plain);
    assertThat(revision(pool(PLAIN.replace("image: side", pulled + "Always")))).isNotEqualTo(plain);
  }

  private static String revision(WorkerPool pool) {
    var defaults = new PodDefaults("worker:1", "queue:50051");
    return ((Blueprint.Valid) Blueprint.of(pool, defaults)).revision();
  }

  private static WorkerPool pool(String spec) {
    var pool = new WorkerPool();
    pool.getMetadata().setName("demo");
    pool.getMetadata().setNamespace("default");
    pool.getMetadata().setUid("uid-1");
    pool.setSpec(Serialization.unmarshal(spec, WorkerPoolSpec.class));
    return pool;
  }
}
