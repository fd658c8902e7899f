package io.tensorfleet.operator.api;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.ApiMode;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.limit.Throttle;
import io.tensorfleet.operator.pods.Labels;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every write to the API server. What differs between the two grounds is in the two subclasses. */
public abstract sealed class ApiWriter implements PodWriter, PoolWriter
    permits ExactWrites, PlainWrites {
  /** The name under which the operator owns fields. */
  public static final String FIELD_MANAGER = "tensorfleet-operator";

  private static final Logger log = LoggerFactory.getLogger(ApiWriter.class);

  final KubernetesClient client;
  private final Throttle throttle;

  ApiWriter(KubernetesClient client, Throttle throttle) {
    this.client = client;
    this.throttle = throttle;
  }

  /** What the throttle sends again is not sent again by the client besides. */
  public static ApiWriter of(ApiMode mode, KubernetesClient client, Throttle throttle) {
    RequestConfig once =
        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
            .withRequestRetryBackoffLimit(0)
            .build();
    KubernetesClient writing = client.newClient(once).adapt(KubernetesClient.class);
    return switch (mode) {
      case EXACT -> new ExactWrites(writing, throttle);
      case PLAIN -> new PlainWrites(writing, throttle);
    };
  }

  /** Where the revisions of pools are kept. */
  public RevisionStore revisions() {
    return new RevisionStore(client, throttle);
  }

  @Override
  public Created create(Pod pod) {
    try {
      PoolKey pool = Labels.pool(pod.getMetadata());
      return new Created.Done(throttle.call(pool, () -> client.resource(pod).create()));
    } catch (KubernetesClientException e) {
      return e.getCode() == HttpURLConnection.HTTP_CONFLICT && isAlreadyThere(e)
          ? alreadyThere(pod)
          : new Created.Refused(e.getCode(), reason(e));
    }
  }

  @Override
  public Deleted delete(PodRef pod) {
    try {
      return throttle.call(pod.pool(), () -> deleteAsSeen(pod));
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_NOT_FOUND -> new Deleted.Gone();
        case HttpURLConnection.HTTP_CONFLICT -> new Deleted.Changed();
        default -> new Deleted.Refused(e.getCode(), reason(e));
      };
    }
  }

  @Override
  public Annotated annotate(PodRef ref, Map<String, @Nullable String> annotations) {
    try {
      return new Annotated.Done(throttle.call(ref.pool(), () -> annotateAsNamed(ref, annotations)));
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT ->
            new Annotated.Gone();
        default -> new Annotated.Refused(e.getCode(), reason(e));
      };
    }
  }

  @Override
  public Optional<String> status(WorkerPool pool, WorkerPoolStatus status) {
    try {
      throttle.run(PoolKey.of(pool), () -> writeStatus(pool, status));
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
          ? Optional.empty()
          : Optional.of(e.getCode() + " " + reason(e));
    }
  }

  @Override
  public void event(Event event) {
    try {
      var about = event.getRegarding();
      throttle.run(
          new PoolKey(about.getNamespace(), about.getName()),
          () -> client.events().v1().events().resource(event).create());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        log.warn("event {} not written: {}", event.getReason(), reason(e));
      }
    }
  }

  /** The pool is gone; on a real API server the garbage collector removes its Pods. */
  public void poolDeleted(PoolKey pool) {
    log.debug("pool {} is gone", pool);
  }

  abstract Deleted deleteAsSeen(PodRef pod);

  abstract Pod annotateAsNamed(PodRef pod, Map<String, @Nullable String> annotations);

  abstract void writeStatus(WorkerPool pool, WorkerPoolStatus status);

  @Override
  public Optional<Pod> find(String namespace, String name) {
    try {
      return Optional.ofNullable(client.pods().inNamespace(namespace).withName(name).get());
    } catch (KubernetesClientException e) {
      log.warn("Pod {} could not be looked for: {}", name, reason(e));
      return Optional.empty();
    }
  }

  private Created alreadyThere(Pod wanted) {
    var metadata = wanted.getMetadata();
    Optional<Pod> found = find(metadata.getNamespace(), metadata.getName());
    if (found.isEmpty()) {
      return new Created.Refused(HttpURLConnection.HTTP_CONFLICT, "it vanished while it was made");
    }
    boolean own = owner(found.get()).isPresent() && owner(found.get()).equals(owner(wanted));
    return own ? new Created.WasThere(found.get()) : new Created.Taken();
  }

  private static Optional<String> owner(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .filter(o -> Boolean.TRUE.equals(o.getController()))
        .map(OwnerReference::getUid)
        .findFirst();
  }

  private static boolean isAlreadyThere(KubernetesClientException e) {
    return e.getStatus() == null || !Objects.equals(e.getStatus().getReason(), "Conflict");
  }

  private static String reason(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    }
    return String.valueOf(e.getMessage());
  }
}
