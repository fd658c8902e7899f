package io.tensorfleet.e2e.drill;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Tries bad WorkerPools at the API server, with an operator behind it. */
final class PoolDoor {
  private static final Duration LOOKED_AT = Duration.ofSeconds(90);

  private final Cluster cluster;
  private final String namespace;
  private final List<Reply> replies = new ArrayList<>();
  private final Map<String, PoolInputs.Input> taken = new LinkedHashMap<>();

  PoolDoor(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  List<Reply> tryAll() {
    int number = 0;
    for (PoolInputs.Input input : PoolInputs.all()) {
      send("bad-" + ++number, input);
    }
    PoolInputs.names()
        .forEach((name, expect) -> send(name, PoolInputs.read("the name " + name, expect, "{}")));
    long end = System.nanoTime() + LOOKED_AT.toNanos();
    while (!taken.isEmpty() && System.nanoTime() - end < 0) {
      look();
      LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    }
    taken.forEach((name, input) -> replies.add(reply(input, "unseen", state(name))));
    return replies;
  }

  private void send(String name, PoolInputs.Input input) {
    String path = "/apis/tensorfleet.io/v1alpha1/namespaces/" + namespace + "/workerpools";
    try {
      JsonNode pool = PoolInputs.pool(name, input.spec());
      cluster.client().raw(path, "POST", pool);
      if (input.expect() == Reply.Expect.REFUSAL) {
        replies.add(reply(input, "201", "taken"));
      } else {
        taken.put(name, input);
      }
    } catch (KubernetesClientException e) {
      replies.add(reply(input, Integer.toString(e.getCode()), String.valueOf(e.getMessage())));
    }
  }

  /** Those that the operator has looked at, and that say what is wrong where they must. */
  private void look() {
    for (WorkerPool pool :
        cluster.client().resources(WorkerPool.class).inNamespace(namespace).list().getItems()) {
      String name = pool.getMetadata().getName();
      var input = Optional.ofNullable(taken.get(name));
      Optional<Condition> wrong = wrong(pool);
      if (input.isPresent() && done(input.get(), pool, wrong)) {
        replies.add(
            reply(
                input.get(),
                wrong.map(Condition::getReason).orElse("seen"),
                wrong.map(Condition::getMessage).orElse("")));
        taken.remove(name);
      }
    }
  }

  private static boolean done(PoolInputs.Input input, WorkerPool pool, Optional<Condition> wrong) {
    boolean seen = pool.getStatus() != null && pool.getStatus().observedGeneration() != null;
    return seen && (input.expect() != Reply.Expect.CONDITION || wrong.isPresent());
  }

  private static Optional<Condition> wrong(WorkerPool pool) {
    return Optional.ofNullable(pool.getStatus())
        .map(WorkerPoolStatus::conditions)
        .flatMap(all -> all.stream().filter(PoolDoor::tellsWhy).findFirst());
  }

  /** Degraded waits for a node that an autoscaler may bring; Progressing tells at once. */
  private static boolean tellsWhy(Condition condition) {
    return switch (condition.getType() + condition.getStatus()) {
      case "DegradedTrue", "QueueReachableFalse" -> true;
      case "ProgressingTrue" -> condition.getMessage().contains("cannot be scheduled");
      default -> false;
    };
  }

  private String state(String name) {
    return String.valueOf(cluster.pool(namespace, name).getStatus());
  }

  private static Reply reply(PoolInputs.Input input, String outcome, String text) {
    return new Reply(Reply.Door.RESOURCE, input.name(), input.expect(), outcome, text);
  }
}
