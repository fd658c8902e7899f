package io.tensorfleet.orchestrator.session;

import com.google.protobuf.util.Durations;
import io.tensorfleet.orchestrator.store.ClaimStore.Claimed;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Writes claimed tasks as messages, each well below the largest that the wire takes. */
final class LeaseMessages {
  private static final int LARGE = 1 << 20;

  private LeaseMessages() {}

  static List<OrchestratorMessage> of(List<Claimed> claimed, Duration length) {
    List<OrchestratorMessage> messages = new ArrayList<>();
    Leases.Builder open = Leases.newBuilder();
    int size = 0;
    for (Claimed one : claimed) {
      Lease lease = lease(one, length);
      if (size > 0 && size + lease.getSerializedSize() > LARGE) {
        messages.add(OrchestratorMessage.newBuilder().setLeases(open).build());
        open = Leases.newBuilder();
        size = 0;
      }
      open.addLeases(lease);
      size += lease.getSerializedSize();
    }
    if (size > 0) {
      messages.add(OrchestratorMessage.newBuilder().setLeases(open).build());
    }
    return messages;
  }

  private static Lease lease(Claimed one, Duration length) {
    TaskSpec spec = one.job().spec(one.key().index());
    Lease.Builder lease =
        Lease.newBuilder()
            .setToken(one.token())
            .setJobId(one.job().jobId())
            .setTask(spec)
            .setLength(Durations.fromMillis(length.toMillis()))
            .setRunTimeout(Durations.fromMillis(one.runMillis()));
    if (!one.checkpoint().getUri().isEmpty()) {
      lease.setCheckpoint(one.checkpoint()).setResumeEpoch(one.epochsDone());
    }
    return lease.build();
  }
}
