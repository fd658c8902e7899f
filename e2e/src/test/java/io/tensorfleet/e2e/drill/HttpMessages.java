package io.tensorfleet.e2e.drill;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 messages one after another, as bytes: enough to hand them on. */
final class HttpMessages {
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length:\\s*([0-9]+)\\s*$");
  private static final Pattern CHUNKED =
      Pattern.compile("(?im)^transfer-encoding:\\s*chunked\\s*$");
  private static final Pattern WATCH = Pattern.compile("[?&]watch=(true|1)");

  private final InputStream in;

  HttpMessages(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /**
   * The first line and the headers.
   *
   * @param text with the empty line at the end
   */
  record Head(String text) {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    String method() {
      return text.substring(0, text.indexOf(' '));
    }

    boolean isWatch() {
      return WATCH.matcher(text.substring(0, text.indexOf('\r'))).find();
    }

    boolean isWrite() {
      return !method().equals("GET");
    }

    boolean bodiless() {
      return text.startsWith("HTTP/1.1 204") || text.startsWith("HTTP/1.1 304");
    }
  }

  /** Empty when there is no further message. */
  Optional<Head> head() throws IOException {
    var head = new StringBuilder();
    for (String line = line(); line != null; line = line()) {
      head.append(line);
      if (line.equals("\r\n")) {
        return Optional.of(new Head(head.toString()));
      }
    }
    return Optional.empty();
  }

  /** The body that follows a head, chunks as they came. */
  byte[] body(Head head) throws IOException {
    if (head.bodiless()) {
      return new byte[0];
    }
    if (CHUNKED.matcher(head.text()).find()) {
      return chunks();
    }
    Matcher length = LENGTH.matcher(head.text());
    return length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : new byte[0];
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      String size = Optional.ofNullable(line()).orElseThrow(() -> new IOException("cut"));
      body.write(size.getBytes(StandardCharsets.ISO_8859_1));
      int bytes = Integer.parseInt(size.strip(), 16);
      body.write(in.readNBytes(bytes + 2));
      if (bytes == 0) {
        return body.toByteArray();
      }
    }
  }

  private @Nullable String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      line.write(next);
      if (next == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return null;
  }

  /** An answer with a Status of the API server's kind; one may come back after a second. */
  static byte[] status(int code, String reason, String message) {
    String body =
        """
        {"kind":"Status","apiVersion":"v1","status":"Failure","message":"%s","reason":"%s","code":%d}"""
            .formatted(message, reason, code);
    return "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nRetry-After: 1\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(code, reason, body.length(), body)
        .getBytes(StandardCharsets.UTF_8);
  }
}
