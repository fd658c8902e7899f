package io.tensorfleet.operator.queue;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.tensorfleet.proto.v1.CordonRequest;
import io.tensorfleet.proto.v1.CordonResponse;
import io.tensorfleet.proto.v1.QueueServiceGrpc;
import io.tensorfleet.proto.v1.QueueServiceGrpc.QueueServiceBlockingStub;
import io.tensorfleet.proto.v1.UncordonRequest;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Asks orchestrators to stop leasing to a worker, and to start again. */
public interface Cordons {
  /** How the orchestrator answered. */
  sealed interface Answer {
    /** No lease goes to this incarnation until it is uncordoned, and it holds none. */
    record Cordoned(String incarnation) implements Answer {}

    /** It holds leases; nothing was changed. */
    record Busy(int leases) implements Answer {}

    /** The orchestrator knows no such worker. */
    record Unknown() implements Answer {}

    /** There was no answer, or none that can be understood. */
    record Failed(String reason) implements Answer {}
  }

  Answer cordonIfIdle(String address, String worker, String incarnation, String reason);

  /** Cordons also a worker that holds leases; it keeps these. */
  Answer cordon(String address, String worker, String incarnation, String reason);

  /** What came of lifting a cordon. */
  enum Lifted {
    /** The worker may be given leases again. */
    DONE,
    /** The orchestrator knows no such worker, or another incarnation: nothing is left to lift. */
    UNKNOWN,
    /** There was no answer. */
    FAILED
  }

  Lifted uncordon(String address, String worker, String incarnation);

  /**
   * Cordons by gRPC, with a deadline on each call.
   *
   * @param mayAct asked before each attempt of a call leaves: while it says no, none does
   */
  static Cordons overGrpc(Channels channels, BooleanSupplier mayAct) {
    return new OverGrpc(channels, new Permit(mayAct));
  }

  /** See {@link #overGrpc}. */
  record OverGrpc(Channels channels, Permit permit) implements Cordons {
    private static final long DEADLINE_SECONDS = 5;

    @Override
    public Answer cordonIfIdle(String address, String worker, String incarnation, String reason) {
      return ask(address, request(worker, incarnation, reason).setOnlyIfIdle(true).build());
    }

    @Override
    public Answer cordon(String address, String worker, String incarnation, String reason) {
      return ask(address, request(worker, incarnation, reason).build());
    }

    private static CordonRequest.Builder request(String worker, String incarnation, String why) {
      return CordonRequest.newBuilder()
          .setWorkerId(worker)
          .setIncarnation(incarnation)
          .setReason(why);
    }

    private Answer ask(String address, CordonRequest request) {
      try {
        return read(call(address, stub -> stub.cordon(request)));
      } catch (StatusRuntimeException e) {
        return new Answer.Failed(
            "cordon of " + request.getWorkerId() + " at " + address + ": " + e.getStatus());
      }
    }

    @Override
    public Lifted uncordon(String address, String worker, String incarnation) {
      var request =
          UncordonRequest.newBuilder().setWorkerId(worker).setIncarnation(incarnation).build();
      try {
        var response = call(address, stub -> stub.uncordon(request));
        return response.getUncordoned() ? Lifted.DONE : Lifted.UNKNOWN;
      } catch (StatusRuntimeException e) {
        return Lifted.FAILED;
      }
    }

    private <A> A call(String address, Function<QueueServiceBlockingStub, A> call) {
      ManagedChannel channel = channels.take(address);
      try {
        return call.apply(
            QueueServiceGrpc.newBlockingStub(channel)
                .withCallCredentials(permit)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
      } finally {
        channels.giveBack(address);
      }
    }

    private static Answer read(CordonResponse response) {
      return switch (response.getOutcome()) {
        case OUTCOME_CORDONED -> new Answer.Cordoned(response.getIncarnation());
        case OUTCOME_BUSY -> new Answer.Busy(response.getBusy());
        case OUTCOME_UNKNOWN -> new Answer.Unknown();
        case OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
            new Answer.Failed("the orchestrator answered " + response.getOutcomeValue());
      };
    }
  }
}
