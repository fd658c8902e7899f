package io.tensorfleet.local.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/** Hands out loopback addresses 127.B.y.z, each once, whose ports nobody uses. */
final class Addresses {
  private static final int SIZE = 254 * 254;

  private final int block;
  private int next;

  /**
   * Begins in the block that the seed chooses, so that two nodes on one machine seldom meet.
   *
   * @param seed any number
   */
  Addresses(int seed) {
    this.block = 16 + Math.floorMod(seed, 200);
  }

  synchronized String next(List<Integer> ports) {
    for (int tried = 0; tried < SIZE; tried++) {
      int index = next++ % SIZE;
      String address = "127." + block + "." + (1 + index / 254) + "." + (1 + index % 254);
      if (ports.stream().allMatch(port -> isFree(address, port))) {
        return address;
      }
    }
    throw new IllegalStateException(
        "no loopback address in 127." + block + ".0.0/16 has free ports " + ports);
  }

  private static boolean isFree(String address, int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
