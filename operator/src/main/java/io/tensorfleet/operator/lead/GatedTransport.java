package io.tensorfleet.operator.lead;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.tensorfleet.operator.limit.Unsent;
import io.vertx.core.impl.transports.JDKTransport;
import java.util.function.BooleanSupplier;

/**
 * Connections on which no byte leaves while the gate is shut. The gate is asked right before the
 * socket is written to: whatever waits in the client when the process is paused does not leave when
 * it goes on.
 */
final class GatedTransport extends JDKTransport {
  private final BooleanSupplier gate;

  GatedTransport(BooleanSupplier gate) {
    this.gate = gate;
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return domainSocket ? super.channelFactory(true) : () -> new Gated(gate);
  }

  private static final class Gated extends NioSocketChannel {
    private final BooleanSupplier gate;

    Gated(BooleanSupplier gate) {
      this.gate = gate;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) throws Exception {
      if (!gate.getAsBoolean()) {
        throw new Unsent(ActingClient.SHUT);
      }
      super.doWrite(waiting);
    }
  }
}
