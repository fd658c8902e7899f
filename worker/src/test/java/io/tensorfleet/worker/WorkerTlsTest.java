package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.orchestrator.AssignTaskRequest;
import io.tensorfleet.proto.orchestrator.AssignTaskResponse;
import io.tensorfleet.proto.orchestrator.OrchestratorServiceGrpc;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkServiceGrpc;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.proto.worker.WorkerServiceGrpc;
import io.tensorfleet.proto.worker.WorkerStatusRequest;
import io.tensorfleet.worker.tls.Authority;
import io.tensorfleet.worker.tls.Folder;
import io.tensorfleet.worker.tls.TlsFiles;
import io.tensorfleet.worker.tls.TlsSides;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole worker, its connection and its server in TLS; the folder's PEM files serve all sides. */
class WorkerTlsTest {
  private final Authority authority = new Authority("fleet");
  private final List<Runnable> closers = new ArrayList<>();
  @TempDir private Path path;

  @BeforeEach
  void write() throws Exception {
    new Folder(path).trusts(authority).is(authority.issue("worker", "localhost", "127.0.0.1"));
  }

  @AfterEach
  void close() {
    closers.forEach(Runnable::run);
  }

  private String file(String name) {
    return path.resolve(name).toString();
  }

  private TlsFiles files() {
    return new TlsFiles(
        Optional.of(new TlsFiles.Named("CA", path.resolve("ca.crt"))),
        Optional.of(
            new TlsFiles.Pair(
                new TlsFiles.Named("CERT", path.resolve("tls.crt")),
                new TlsFiles.Named("KEY", path.resolve("tls.key")))));
  }

  private TlsSides sides() {
    TlsSides sides =
        new TlsSides(Optional.of(files()), Optional.of(files()), InstantSource.system());
    closers.add(sides::close);
    return sides;
  }

  private Worker start(int orchestratorPort, Map<String, String> more) throws Exception {
    Map<String, String> variables =
        new HashMap<>(
            Map.of(
                "BIND_ADDRESS", "127.0.0.1",
                "WORKER_PORT", "0",
                "METRICS_PORT", "0",
                "ORCHESTRATOR_ADDRESS", "127.0.0.1:" + orchestratorPort));
    variables.putAll(more);
    Worker worker = Worker.start(WorkerConfig.fromEnvironment(variables, () -> "fresh"));
    closers.add(worker::close);
    return worker;
  }

  /** Demands certificates; welcomes whoever shows a right one. */
  private Server orchestrator() throws Exception {
    var service =
        new WorkServiceGrpc.WorkServiceImplBase() {
          @Override
          public StreamObserver<WorkerMessage> work(StreamObserver<OrchestratorMessage> answers) {
            answers.onNext(
                OrchestratorMessage.newBuilder().setWelcome(Welcome.getDefaultInstance()).build());
            return new Deaf();
          }
        };
    return orchestrator(service);
  }

  private Server orchestrator(BindableService service) throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(sides().server().orElseThrow())
            .addService(service)
            .build()
            .start();
    closers.add(server::shutdownNow);
    return server;
  }

  private static final class Deaf implements StreamObserver<WorkerMessage> {
    @Override
    public void onNext(WorkerMessage message) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }

  private static String health(Worker worker) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:%d/health".formatted(worker.httpPort()));
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (java.io.IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    } catch (InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void until(BooleanSupplier happened) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waited in vain").isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private String status(NettyChannelBuilder builder) {
    ManagedChannel channel = builder.build();
    try {
      return WorkerServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .getStatus(WorkerStatusRequest.getDefaultInstance())
          .getWorkerId();
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void aWorkerWithARightCertificateIsWelcomed() throws Exception {
    Worker worker =
        start(
            orchestrator().getPort(),
            Map.of(
                "TLS_CA_FILE", file("ca.crt"),
                "TLS_CERT_FILE", file("tls.crt"),
                "TLS_KEY_FILE", file("tls.key"),
                "TLS_SERVER_NAME", "localhost"));

    until(() -> health(worker).contains("\"orchestrator_connection\":\"connected\""));
  }

  @Test
  void theEarlierWireIsSpokenInTlsToo() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    Server earlier =
        orchestrator(
            new OrchestratorServiceGrpc.OrchestratorServiceImplBase() {
              @Override
              public void assignTask(
                  AssignTaskRequest request, StreamObserver<AssignTaskResponse> answer) {
                answer.onError(Status.UNKNOWN.withDescription("no tasks available").asException());
                asked.countDown();
              }
            });
    Worker worker =
        start(
            earlier.getPort(),
            Map.of(
                "TLS_CA_FILE", file("ca.crt"),
                "TLS_CERT_FILE", file("tls.crt"),
                "TLS_KEY_FILE", file("tls.key"),
                "TLS_SERVER_NAME", "localhost"));

    assertThat(asked.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(health(worker)).contains("\"orchestrator_connection\":\"connected\"");
  }

  @Test
  void healthTellsAPlaintextWorkerWhatToSet() throws Exception {
    Worker worker = start(orchestrator().getPort(), Map.of());

    until(() -> health(worker).contains("TLS_CA_FILE"));
    assertThat(health(worker)).contains("\"orchestrator_error\":\"UNAVAILABLE: ");
  }

  @Test
  void healthTellsAWorkerWithoutCertificateWhatToSet() throws Exception {
    Worker worker = start(orchestrator().getPort(), Map.of("TLS_CA_FILE", file("ca.crt")));

    until(() -> health(worker).contains("demands a certificate"));
    assertThat(health(worker)).contains("TLS_CERT_FILE");
  }

  @Test
  void theWorkersOwnServerTakesCallersWithARightCertificateAlone() throws Exception {
    Worker worker = start(1, server());
    String target = "127.0.0.1:" + worker.grpcPort();

    assertThat(
            status(
                NettyChannelBuilder.forTarget(target).sslContext(sides().client().orElseThrow())))
        .isEqualTo("fresh");
    assertThatThrownBy(() -> status(NettyChannelBuilder.forTarget(target).usePlaintext()))
        .hasMessageContaining("UNAVAILABLE");
    new Folder(path).is(new Authority("another").issue("caller"));
    assertThatThrownBy(
            () ->
                status(
                    NettyChannelBuilder.forTarget(target)
                        .sslContext(sides().client().orElseThrow())))
        .hasMessageContaining("UNAVAILABLE");
  }

  @Test
  void aRunningWorkerReadsItsFilesAgainByItself() throws Exception {
    Worker worker = start(1, server());
    String target = "127.0.0.1:" + worker.grpcPort();
    TlsSides caller = sides();

    new Folder(path).is(authority.issue("worker", "renewed.example"));

    until(
        () -> {
          try {
            var builder =
                NettyChannelBuilder.forTarget(target).overrideAuthority("renewed.example");
            return status(builder.sslContext(caller.client().orElseThrow())).equals("fresh");
          } catch (io.grpc.StatusRuntimeException _) {
            return false;
          }
        });
  }

  private Map<String, String> server() {
    return Map.of(
        "SERVER_TLS_CERT_FILE", file("tls.crt"),
        "SERVER_TLS_KEY_FILE", file("tls.key"),
        "SERVER_TLS_CLIENT_CA_FILE", file("ca.crt"));
  }
}
