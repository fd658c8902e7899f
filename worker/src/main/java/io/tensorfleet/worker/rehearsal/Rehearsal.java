package io.tensorfleet.worker.rehearsal;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.tensorfleet.worker.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;

/**
 * The program that the AOT cache is made from: a worker connects, runs a few tasks, answers its
 * probes and leaves, all in this one process. Run by the build, with {@code
 * -XX:AOTCacheOutput=FILE} and otherwise the flags of the real start.
 */
public final class Rehearsal {
  private static final int TASKS = 30;
  private static final List<String> PAGES = List.of("/health", "/livez", "/readyz", "/metrics");

  private Rehearsal() {}

  public static void main(String[] args) throws IOException {
    int httpPort = freePort();
    Visitor visitor = new Visitor(httpPort);
    Stage stage = new Stage(TASKS, () -> PAGES.forEach(visitor::get));
    Server orchestrator =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(stage)
            .build()
            .start();
    int status =
        Main.run(
            Map.of(
                "ORCHESTRATOR_ADDRESS",
                "127.0.0.1:" + orchestrator.getPort(),
                "BIND_ADDRESS",
                "127.0.0.1",
                "WORKER_PORT",
                "0",
                "METRICS_PORT",
                Integer.toString(httpPort)));
    orchestrator.shutdownNow();
    System.exit(status);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
