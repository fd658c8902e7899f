package io.tensorfleet.worker.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DynamicMessage;
import com.sun.net.httpserver.HttpServer;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.ProfileAccess;
import io.tensorfleet.worker.core.TrainingTask;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PprofTest {
  private final TaskSpans spans = new TaskSpans(InstantSource.system());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server = serve(InetAddress.getLoopbackAddress(), ProfileAccess.AUTO);
  private volatile boolean done;
  private volatile byte[] allocated = {};

  PprofTest() throws IOException {}

  private HttpServer serve(InetAddress address, ProfileAccess access) throws IOException {
    HttpServer fresh = HttpServer.create(new InetSocketAddress(address, 0), 0);
    fresh.setExecutor(threads);
    fresh.createContext(Pprof.PATH, new Pprof(access, spans));
    fresh.start();
    return fresh;
  }

  private void serveInstead(InetAddress address, ProfileAccess access) throws IOException {
    server.stop(0);
    server = serve(address, access);
  }

  @AfterEach
  void stop() {
    done = true;
    client.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private HttpRequest request(String page) {
    int port = server.getAddress().getPort();
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d/debug/pprof%s".formatted(port, page)))
        .build();
  }

  private HttpResponse<String> text(String page) throws Exception {
    return client.send(request(page), HttpResponse.BodyHandlers.ofString());
  }

  private PprofMessage profile(String page) throws Exception {
    HttpResponse<byte[]> answer =
        client.send(request(page), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return PprofMessage.unzip(answer.body());
  }

  /** Compresses noise, which zlib does in native code, until the test is over. */
  private EpochMetrics deflate() {
    byte[] noise = new byte[1 << 20];
    new Random(1).nextBytes(noise);
    byte[] packed = new byte[2 << 20];
    while (!done) {
      try (Deflater deflater = new Deflater(9)) {
        deflater.setInput(noise);
        deflater.finish();
        deflater.deflate(packed);
      }
    }
    return EpochMetrics.NONE;
  }

  private void trainInNativeCode() {
    TrainingTask task = new TrainingTask("task-x", "job-x", TaskSpec.getDefaultInstance());
    Thread.ofPlatform()
        .daemon()
        .name("native-burner")
        .start(
            () -> {
              try {
                spans.noting((_, _) -> deflate()).train(task, _ -> {});
              } catch (Exception failure) {
                throw new AssertionError(failure);
              }
            });
  }

  @Test
  void aThreadInNativeCodeIsSeenWithItsMethodItsThreadAndItsTask() throws Exception {
    trainInNativeCode();
    PprofMessage profile = profile("/profile?seconds=2");
    DynamicMessage sample =
        profile.all("sample").stream()
            .filter(
                one ->
                    profile.stack(one).getFirst().startsWith("java.util.zip.Deflater.deflateBytes"))
            .findFirst()
            .orElseThrow();
    assertThat(profile.stack(sample))
        .anyMatch(
            place ->
                place.startsWith(
                    "io.tensorfleet.worker.profile.PprofTest.deflate"
                        + " io/tensorfleet/worker/profile/PprofTest.java:"));
    assertThat(profile.labels(sample))
        .containsEntry("thread", "native-burner")
        .containsEntry("task_id", "task-x")
        .containsEntry("job_id", "job-x");
    assertThat(PprofMessage.values(sample).getLast()).isGreaterThanOrEqualTo(100_000_000);
    assertThat(profile.number("duration_nanos")).isGreaterThanOrEqualTo(2_000_000_000L);
    assertThat(profile.comments().getFirst()).startsWith("made from jdk.");
  }

  @Test
  void whileOneIsMadeASecondIsToldWhenToComeAgainAndALeaverMakesRoom() throws Exception {
    try (Socket leaver =
        new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
      leaver
          .getOutputStream()
          .write(
              "GET /debug/pprof/profile?seconds=300 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream answer = leaver.getInputStream();
      assertThat(new String(answer.readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200");
      HttpResponse<String> second = text("/heap");
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.body()).contains("one at a time");
      assertThat(second.headers().firstValueAsLong("Retry-After").orElseThrow())
          .isBetween(1L, 300L);
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    HttpResponse<String> next = text("/heap");
    while (next.statusCode() == 429 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      next = text("/heap");
    }
    assertThat(next.statusCode()).isEqualTo(200);
  }

  @Test
  void theHeapIsCountedByClass() throws Exception {
    PprofMessage heap = profile("/heap");
    assertThat(heap.types()).containsExactly("inuse_objects/count", "inuse_space/bytes");
    assertThat(heap.all("sample"))
        .anyMatch(
            sample ->
                heap.stack(sample)
                    .equals(
                        List.of(
                            "io.tensorfleet.worker.profile.PprofTest"
                                + " io/tensorfleet/worker/profile/PprofTest.java:0")));
  }

  @Test
  void allocationsAreSampledWithTheirStacks() throws Exception {
    Thread.ofPlatform()
        .daemon()
        .name("allocator")
        .start(
            () -> {
              while (!done) {
                allocated = new byte[1 << 16];
              }
            });
    PprofMessage profile = profile("/allocs?seconds=1");
    assertThat(allocated).isNotEmpty();
    assertThat(profile.types()).containsExactly("samples/count", "alloc_space/bytes");
    assertThat(profile.all("sample"))
        .anyMatch(
            sample ->
                profile.labels(sample).containsValue("allocator")
                    && PprofMessage.values(sample).getLast() > 1 << 20);
  }

  @Test
  void wrongQuestionsGetASentence() throws Exception {
    assertThat(text("/profile?seconds=301").statusCode()).isEqualTo(400);
    assertThat(text("/allocs?seconds=x").body()).contains("from 1 to 300");
    assertThat(text("/goroutine").statusCode()).isEqualTo(404);
    assertThat(text("/").body()).contains("/debug/pprof/profile?seconds=N");
    assertThat(
            client
                .send(
                    HttpRequest.newBuilder(request("/profile").uri())
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  void aWebPageOfElsewhereGetsNoProfile() throws Exception {
    HttpRequest asked =
        HttpRequest.newBuilder(request("/heap").uri())
            .header("Origin", "https://page.example")
            .build();
    HttpResponse<String> answer = client.send(asked, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("origins");
  }

  @Test
  void aServerBeyondLoopbackRefusesEvenCallersOnLoopbackUnlessSwitchedOn() throws Exception {
    serveInstead(new InetSocketAddress(0).getAddress(), ProfileAccess.AUTO);
    HttpResponse<String> refused = text("/profile?seconds=1");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("PPROF=on");
    serveInstead(new InetSocketAddress(0).getAddress(), ProfileAccess.ON);
    assertThat(text("/").statusCode()).isEqualTo(200);
    serveInstead(InetAddress.getLoopbackAddress(), ProfileAccess.OFF);
    assertThat(text("/heap").statusCode()).isEqualTo(403);
  }
}
