package io.tensorfleet.worker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEndpointsTest {
  private final FakeLevel level = new FakeLevel();
  private final HttpEndpoints http =
      new HttpEndpoints(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          List.of(
              Page.read("/here", "A page", _ -> Answer.text(200, "here it is")),
              Page.read(
                  "/broken",
                  "One that fails",
                  _ -> {
                    throw new IllegalStateException("a secret of the code");
                  }),
              Page.at("/loglevel", "The level", new LogLevelPage(level)::answer)));

  private static final class FakeLevel implements LogLevel {
    private String now = "info";

    @Override
    public String shown() {
      return now;
    }

    @Override
    public String accepted() {
      return "one of info, debug";
    }

    @Override
    public boolean set(String wanted) {
      boolean known = List.of("info", "debug").contains(wanted);
      now = known ? wanted : now;
      return known;
    }
  }

  @AfterEach
  void close() {
    http.close();
  }

  /** The whole answer to these lines, which are sent as they are. */
  private String ask(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String ask(String method, String target, String headers, String body) throws IOException {
    return ask(
        method
            + " "
            + target
            + " HTTP/1.1\r\nConnection: close\r\nContent-Length: "
            + body.length()
            + "\r\n"
            + headers
            + "\r\n"
            + body);
  }

  @Test
  void theIndexListsThePages() throws IOException {
    assertThat(ask("GET", "/", "Host: x\r\n", ""))
        .startsWith("HTTP/1.1 200")
        .contains("/here")
        .contains("A page");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nowhere", "/here/", "/here/below", "/hereafter"})
  void whatIsNoPageIsNotFound(String path) throws IOException {
    assertThat(ask("GET", path, "Host: x\r\n", "")).startsWith("HTTP/1.1 404");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "ODD"})
  void aPageToBeReadTakesNoOtherMethodAndSaysWhich(String method) throws IOException {
    assertThat(ask(method, "/here", "Host: x\r\n", ""))
        .startsWith("HTTP/1.1 405")
        .contains("Allow: GET, HEAD");
  }

  @Test
  void headGivesTheHeadersAlone() throws IOException {
    assertThat(ask("HEAD", "/here", "Host: x\r\n", ""))
        .startsWith("HTTP/1.1 200")
        .doesNotContain("here it is");
  }

  @Test
  void aPageThatFailsShowsNothingOfTheCode() throws IOException {
    assertThat(ask("GET", "/broken", "Host: x\r\n", ""))
        .startsWith("HTTP/1.1 500")
        .doesNotContain("secret")
        .doesNotContain("Exception");
  }

  @Test
  void theLevelIsShownAndSet() throws IOException {
    assertThat(ask("GET", "/loglevel", "Host: localhost\r\n", "")).contains("\r\n\r\ninfo\n");
    assertThat(ask("PUT", "/loglevel", "Host: 127.0.0.1\r\n", "DEBUG\n"))
        .startsWith("HTTP/1.1 200")
        .contains("\r\n\r\ndebug\n");
    assertThat(ask("PUT", "/loglevel?level=info", "Host: localhost:2112\r\n", ""))
        .startsWith("HTTP/1.1 200");
    assertThat(level.now).isEqualTo("info");
  }

  @ParameterizedTest
  @ValueSource(strings = {"loud", "", "info debug", "\"info\"", "off"})
  void anUnknownLevelIsRefusedAndChangesNothing(String wanted) throws IOException {
    assertThat(ask("PUT", "/loglevel", "Host: localhost\r\n", wanted))
        .startsWith("HTTP/1.1 400")
        .contains("accepted: one of info, debug");
    assertThat(level.now).isEqualTo("info");
  }

  @ParameterizedTest
  @CsvSource({
    "Host: worker.example,",
    "Host: 10.0.0.7:2112,",
    "Host: localhost,Origin: https://elsewhere.example"
  })
  void webPagesOfElsewhereCannotSetTheLevel(String host, String origin) throws IOException {
    String headers = host + "\r\n" + (origin == null ? "" : origin + "\r\n");
    assertThat(ask("PUT", "/loglevel", headers, "debug")).startsWith("HTTP/1.1 403");
    assertThat(level.now).isEqualTo("info");
  }

  @Test
  void ofAnEndlessBodyOnlyItsBeginningIsRead() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
      socket.setSoTimeout(20_000);
      String head =
          "PUT /loglevel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n";
      socket.getOutputStream().write((head + "d".repeat(64)).getBytes(StandardCharsets.US_ASCII));
      String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(line).isEqualTo("HTTP/1.1 400");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET /here\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /here HTTP/9.9\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /here HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        "GET /here HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
      })
  void aRequestThatIsNoneIsAnsweredOrEndedAndTheServerGoesOn(String request) throws IOException {
    assertThat(ask(request)).doesNotContain(" 500 ").doesNotContain("\tat ");
    assertThat(ask("GET", "/here", "Host: x\r\n", "")).contains("here it is");
  }

  @Test
  void aRequestThatNeverComesToItsEndIsGivenUpAndSoIsAClientThatSaysNothing() throws IOException {
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), http.port());
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
      slow.setSoTimeout(60_000);
      silent.setSoTimeout(60_000);
      slow.getOutputStream()
          .write("GET /here HTTP/1.1\r\nHost: x\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }
}
