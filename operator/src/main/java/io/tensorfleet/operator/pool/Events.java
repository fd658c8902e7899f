package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.pods.Texts;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Makes Kubernetes events, events.k8s.io/v1, about pools. */
final class Events {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final String CONTROLLER = "tensorfleet.io/operator";

  /** Bytes; the API server refuses longer ones. */
  private static final int LONGEST_NOTE = 1_024;

  private Events() {}

  /**
   * @param instance the operator's own name
   */
  static Event of(WorkerPool pool, Announcement what, String instance, Instant now) {
    var metadata = pool.getMetadata();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(metadata.getNamespace())
        .withName(name(pool, what, now))
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(now)))
        .withType(what.warning() ? "Warning" : "Normal")
        .withReason(what.reason())
        .withAction(what.action())
        .withNote(Texts.within(LONGEST_NOTE, what.text()))
        .withReportingController(CONTROLLER)
        .withReportingInstance(instance)
        .withRegarding(regarding(pool))
        .build();
  }

  private static ObjectReference regarding(WorkerPool pool) {
    var metadata = pool.getMetadata();
    return new ObjectReferenceBuilder()
        .withApiVersion(pool.getApiVersion())
        .withKind(pool.getKind())
        .withNamespace(metadata.getNamespace())
        .withName(metadata.getName())
        .withUid(metadata.getUid())
        .withResourceVersion(metadata.getResourceVersion())
        .build();
  }

  /**
   * Of the same text about the same pool there is one name in five minutes: who tells it again,
   * after a crash or beside another operator, meets AlreadyExists.
   */
  private static String name(WorkerPool pool, Announcement what, Instant now) {
    String about = pool.getMetadata().getUid() + what.reason() + what.text();
    return "%s.%x.%08x"
        .formatted(
            pool.getMetadata().getName(),
            now.getEpochSecond() / Announcement.QUIET.toSeconds(),
            about.hashCode());
  }
}
