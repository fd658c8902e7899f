package io.tensorfleet.e2e.drill;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Tries bad inputs at the worker's HTTP server, over bare sockets. */
final class HttpDoor {
  private static final int ANSWER_MILLIS = 10_000;
  private static final int SLOW = 64;
  private static final List<String> PAGES =
      List.of("/", "/metrics", "/health", "/livez", "/readyz", "/debug/pprof/profile");
  private static final List<String> TARGETS =
      List.of(
          "/%",
          "/%zz",
          "/health?%",
          "/health?x=%00",
          "/../../etc/passwd",
          "/%2e%2e/etc/passwd",
          "//health",
          "/health/",
          "/HEALTH",
          "/health%00",
          "health",
          "*",
          "?",
          "#",
          "/a b",
          "http://[::1/",
          "/\u00e9",
          "/" + "a".repeat(1_000),
          "/?" + "q=1&".repeat(200),
          "/debug/pprof/profile?seconds=-1",
          "/debug/pprof/profile?seconds=abc",
          "/debug/pprof/profile?seconds=1e9",
          "/debug/pprof/profile?seconds=99999999999999999999",
          "/debug/pprof/profile?seconds=",
          "/debug/pprof/profile?seconds=0",
          "/debug/pprof/profile?seconds=%",
          "/debug/pprof/profile?seconds=5;seconds=x",
          "/debug/pprof/nothing",
          "/debug/pprof/heap?gc=x%",
          "/loglevel?level=%",
          "/loglevel/x");
  private static final List<String> HEADERS =
      List.of(
          "Content-Length: -1",
          "Content-Length: abc",
          "Content-Length: 99999999999999999999",
          "Content-Length: 5\r\nContent-Length: 6",
          "Transfer-Encoding: gzip",
          "Transfer-Encoding: chunked\r\nContent-Length: 3",
          "no colon here",
          ": no name",
          "X:" + "v".repeat(1_000),
          "Host:",
          "Host: a\r\nHost: b",
          "Connection: \u0001",
          "Accept: ;;;q=x,,",
          "Accept: " + "a/b,".repeat(200),
          "Range: bytes=9-1",
          "Expect: 200-maybe",
          " folded: x",
          "X-\u00e9: y",
          "Upgrade: h2c",
          "If-Modified-Since: yesterday",
          "Accept-Encoding: \u0000",
          "Cookie: =;=;=");

  private final int port;
  private final Random random;

  HttpDoor(int port, long seed) {
    this.port = port;
    this.random = new Random(seed);
  }

  List<Reply> tryAll(int randomInputs) throws IOException {
    List<Reply> replies = new ArrayList<>();
    for (Reply.Input input : inputs(randomInputs)) {
      replies.add(send(input));
    }
    replies.add(besideSlowCallers());
    return replies;
  }

  private List<Reply.Input> inputs(int randomInputs) {
    List<Reply.Input> inputs = new ArrayList<>();
    for (String page : PAGES) {
      for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONE")) {
        add(inputs, Reply.Expect.REFUSAL, method + " " + page + " HTTP/1.1", "Content-Length: 0");
      }
    }
    TARGETS.forEach(t -> add(inputs, Reply.Expect.ANSWER, "GET " + t + " HTTP/1.1", "Host: x"));
    HEADERS.forEach(h -> add(inputs, Reply.Expect.ANSWER, "GET /health HTTP/1.1", h));
    HEADERS.forEach(h -> add(inputs, Reply.Expect.ANSWER, "GET /metrics HTTP/1.1", h));
    // who is refused while it still sends sees a reset, whatever was answered
    add(inputs, Reply.Expect.GARBAGE, "GET /health HTTP/1.1", "X: " + "v".repeat(1 << 19));
    add(inputs, Reply.Expect.GARBAGE, "GET /" + "a".repeat(100_000) + " HTTP/1.1", "Host: x");
    add(inputs, Reply.Expect.GARBAGE, "GET /health HTTP/1.1", "X: y\r\n".repeat(2_000) + "Z: z");
    for (String line :
        List.of(
            "GET",
            "GET /",
            "GET /health HTTP/9.9",
            "GET /health HTTP/x",
            "\u0000",
            " ",
            "GET  ",
            "PRI * HTTP/2.0",
            "\u0016\u0003\u0001",
            "{}",
            "\r\n\r\n\r\n",
            "GET\t/health\tHTTP/1.1")) {
      add(inputs, Reply.Expect.GARBAGE, line, "Host: x");
    }
    for (int i = 0; i < randomInputs; i++) {
      byte[] bytes = new byte[1 + random.nextInt(200)];
      random.nextBytes(bytes);
      bytes[bytes.length - 1] = '\n';
      inputs.add(Reply.Input.of("random bytes " + i, Reply.Expect.GARBAGE, bytes));
    }
    return inputs;
  }

  private static void add(List<Reply.Input> to, Reply.Expect expect, String line, String header) {
    String text = line + "\r\n" + header + "\r\nConnection: close\r\n\r\n";
    String name = (line + " | " + header).replaceAll("\\p{Cntrl}", "?");
    to.add(
        Reply.Input.of(
            name.substring(0, Math.min(90, name.length())),
            expect,
            text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** What comes until the other side closes. */
  private Reply send(Reply.Input input) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(ANSWER_MILLIS);
      try {
        socket.getOutputStream().write(input.bytes());
        socket.shutdownOutput();
        String text =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        return input.answered(Reply.Door.HTTP, status(text), beginning(text));
      } catch (SocketTimeoutException e) {
        return input.answered(Reply.Door.HTTP, "silent", "");
      } catch (IOException reset) {
        return input.answered(Reply.Door.HTTP, "closed", String.valueOf(reset.getMessage()));
      }
    }
  }

  private static String beginning(String text) {
    return text.substring(0, Math.min(4_000, text.length()));
  }

  private static String status(String text) {
    return text.startsWith("HTTP/1.1 ") && text.length() > 12 ? text.substring(9, 12) : "closed";
  }

  /** Many callers that never finish what they ask: others must be served beside them. */
  private Reply besideSlowCallers() throws IOException {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < SLOW; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        slow.add(socket);
        socket.getOutputStream().write("GET /health HTT".getBytes(StandardCharsets.US_ASCII));
      }
      var input =
          Reply.Input.of(
              "beside " + SLOW + " slow callers",
              Reply.Expect.ANSWER,
              "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      return send(input);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }
}
