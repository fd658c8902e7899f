package io.tensorfleet.worker.session;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Leases the same long task to whoever grants credit, over real gRPC. */
final class LeasingOrchestrator extends WorkServiceGrpc.WorkServiceImplBase
    implements AutoCloseable {
  private static final com.google.protobuf.Duration MINUTE =
      com.google.protobuf.Duration.newBuilder().setSeconds(60).build();
  private final Server server;

  LeasingOrchestrator() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  @Override
  public StreamObserver<WorkerMessage> work(StreamObserver<OrchestratorMessage> worker) {
    return new StreamObserver<>() {
      @Override
      public void onNext(WorkerMessage message) {
        switch (message.getMessageCase()) {
          case HELLO ->
              worker.onNext(OrchestratorMessage.newBuilder().setWelcome(welcome()).build());
          case CREDIT -> worker.onNext(lease());
          default -> {}
        }
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        worker.onCompleted();
      }
    };
  }

  private static Welcome welcome() {
    return Welcome.newBuilder().setLease(MINUTE).setHeartbeatInterval(MINUTE).build();
  }

  private static OrchestratorMessage lease() {
    TaskSpec spec =
        TaskSpec.newBuilder()
            .setModelType("xgboost")
            .setEpochs(10)
            .putHyperparameters("simulation.epoch_ms", "60000")
            .build();
    Lease lease =
        Lease.newBuilder()
            .setToken(Bench.token("long"))
            .setJobId("job")
            .setTask(spec)
            .setLength(MINUTE)
            .build();
    return OrchestratorMessage.newBuilder().setLeases(Leases.newBuilder().addLeases(lease)).build();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
