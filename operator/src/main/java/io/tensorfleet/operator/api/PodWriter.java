package io.tensorfleet.operator.api;

import io.fabric8.kubernetes.api.model.Pod;

/** Creates and deletes Pods. Whatever the API server answers is a value. */
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

  Created create(Pod pod);

  /** Deletes the Pod only if it is still as it was seen; its own grace period applies. */
  Deleted delete(PodRef pod);
}
