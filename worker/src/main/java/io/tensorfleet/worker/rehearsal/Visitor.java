package io.tensorfleet.worker.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a worker's HTTP pages, without classes that a worker itself never uses. */
final class Visitor {
  private final int port;

  Visitor(int port) {
    this.port = port;
  }

  /** The whole answer to one GET. */
  String get(String page) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = "GET " + page + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException("rehearsal: " + page + ": " + failure.getMessage(), failure);
    }
  }
}
