package io.tensorfleet.worker.profile;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * An answer that is a gzip'ed profile. An {@link IOException} leaves it cut off, so that its reader
 * does not take it for whole.
 */
final class ProfileBody {
  private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HttpExchange exchange;
  private final OutputStream out;

  private ProfileBody(HttpExchange exchange, OutputStream out) {
    this.exchange = exchange;
    this.out = out;
  }

  static ProfileBody open(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
    exchange
        .getResponseHeaders()
        .set("Content-Disposition", "attachment; filename=\"profile.pb.gz\"");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.sendResponseHeaders(200, 0);
    return new ProfileBody(exchange, exchange.getResponseBody());
  }

  /**
   * Lets this time pass. Each second an empty gzip member goes out, which readers pass over: this
   * is how it shows that the reader has gone.
   *
   * @throws IOException where the reader has gone or the calling thread is interrupted
   */
  void keepOpen(Duration length) throws IOException {
    long end = System.nanoTime() + length.toNanos();
    byte[] nothing = emptyMember();
    try {
      for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.sleep(Math.min(left, BEAT_NANOS));
        out.write(nothing);
        out.flush();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped while a profile was made", stopped);
    }
  }

  private static byte[] emptyMember() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new GZIPOutputStream(bytes).close();
    return bytes.toByteArray();
  }

  /** Writes the profile and ends the answer. */
  void finish(Profile profile) throws IOException {
    GZIPOutputStream packed = new GZIPOutputStream(out);
    ProfileEncoder.write(profile, packed);
    packed.finish();
    exchange.close();
  }
}
