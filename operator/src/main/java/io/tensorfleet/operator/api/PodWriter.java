package io.tensorfleet.operator.api;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates, annotates and deletes Pods. Whatever the API server answers is a value. */
public interface PodWriter {
  /** What came of a creation. */
  sealed interface Created {
    /** It was made. */
    record Done(Pod pod) implements Created {}

    /** A Pod of this name and this owner was there: made before. */
    record WasThere(Pod pod) implements Created {}

    /** The name belongs to somebody else's Pod. */
    record Taken() implements Created {}

    /** The API server would not, or could not. */
    record Refused(int code, String reason) implements Created {}
  }

  /** What came of a deletion. */
  sealed interface Deleted {
    /** It is leaving. */
    record Done() implements Deleted {}

    /** It was gone already. */
    record Gone() implements Deleted {}

    /** It is not the Pod that was seen any more: look again. */
    record Changed() implements Deleted {}

    /** The API server would not, or could not. */
    record Refused(int code, String reason) implements Deleted {}
  }

  /** What came of an annotation. */
  sealed interface Annotated {
    /** The Pod as it is now. */
    record Done(Pod pod) implements Annotated {}

    /** It is gone, or another Pod of the same name. */
    record Gone() implements Annotated {}

    /** The API server would not, or could not. */
    record Refused(int code, String reason) implements Annotated {}
  }

  Created create(Pod pod);

  /** The Pod of this name as it is now; empty where there is none, or nobody can say. */
  Optional<Pod> find(String namespace, String name);

  /** Sets annotations of exactly this Pod, however it has changed; null removes one. */
  Annotated annotate(PodRef pod, Map<String, @Nullable String> annotations);

  /** Deletes the Pod only if it is still as it was seen; its own grace period applies. */
  Deleted delete(PodRef pod);
}
