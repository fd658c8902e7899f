package io.tensorfleet.worker.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the files held at one moment.
 *
 * @param texts by variable; a file that could not be read has none
 * @param mistakes why files could not be read
 */
record Contents(Map<String, String> texts, List<String> mistakes) {
  private static final int MAX_BYTES = 1 << 20;

  Contents {
    texts = Map.copyOf(texts);
    mistakes = List.copyOf(mistakes);
  }

  static Contents of(TlsFiles files) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<String> mistakes = new ArrayList<>();
    files
        .all()
        .forEach(
            file -> {
              try {
                texts.put(file.variable(), load(file));
              } catch (IOException failure) {
                mistakes.add(
                    "%s cannot be read: %s; accepted: a PEM file that this process may read"
                        .formatted(file, reason(failure)));
              }
            });
    return new Contents(texts, mistakes);
  }

  private static String load(TlsFiles.Named file) throws IOException {
    try (InputStream in = Files.newInputStream(file.path())) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("it is larger than 1 MiB");
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(failure.getMessage());
    };
  }

  String text(TlsFiles.Named file) {
    return texts.getOrDefault(file.variable(), "");
  }

  /** Keeps keys out of whatever shows this. */
  @Override
  public String toString() {
    return "Contents of " + texts.keySet();
  }
}
