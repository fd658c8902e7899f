package io.tensorfleet.e2e.drill;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/** One call that is handed on as it is, both ways. */
final class Relay {
  private static final int WINDOW = 64;

  private final ServerCall<byte[], byte[]> caller;
  private final Gate gate;
  private final Ear ear;

  /** Hears what goes by. */
  interface Ear {
    Ear DEAF =
        new Ear() {
          @Override
          public void said(byte[] message) {}

          @Override
          public void heard(byte[] message) {}

          @Override
          public void gone() {}
        };

    /** From the caller, as it reached the other side. */
    void said(byte[] message);

    /** To the caller. */
    void heard(byte[] message);

    void gone();
  }

  Relay(ServerCall<byte[], byte[]> caller, Gate gate, Ear ear) {
    this.caller = caller;
    this.gate = gate;
    this.ear = ear;
  }

  ServerCall.Listener<byte[]> start(ManagedChannel channel, Metadata headers) {
    var onward = channel.newCall(caller.getMethodDescriptor(), CallOptions.DEFAULT);
    onward.start(new Answers(onward), headers);
    onward.request(WINDOW);
    caller.request(WINDOW);
    return new Questions(onward);
  }

  private final class Questions extends ServerCall.Listener<byte[]> {
    private final ClientCall<byte[], byte[]> onward;

    Questions(ClientCall<byte[], byte[]> onward) {
      this.onward = onward;
    }

    @Override
    public void onMessage(byte[] message) {
      gate.pass(
          () -> {
            ear.said(message);
            onward.sendMessage(message);
          });
      caller.request(1);
    }

    @Override
    public void onHalfClose() {
      gate.pass(onward::halfClose);
    }

    @Override
    public void onCancel() {
      ear.gone();
      onward.cancel("the caller went away", null);
    }

    @Override
    public void onComplete() {
      ear.gone();
    }
  }

  private final class Answers extends ClientCall.Listener<byte[]> {
    private final ClientCall<byte[], byte[]> onward;

    Answers(ClientCall<byte[], byte[]> onward) {
      this.onward = onward;
    }

    @Override
    public void onHeaders(Metadata headers) {
      caller.sendHeaders(headers);
    }

    @Override
    public void onMessage(byte[] message) {
      ear.heard(message);
      caller.sendMessage(message);
      onward.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!caller.isCancelled()) {
        caller.close(status, trailers);
      }
    }
  }
}
