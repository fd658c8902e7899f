package io.tensorfleet.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps two fleets out of one home. The system lets go of it when the process ends, however it
 * does.
 */
final class FleetLock implements AutoCloseable {
  private final FileChannel channel;

  private FleetLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws FleetException naming the process that holds the home
   */
  static FleetLock take(Path home) {
    Path file = home.resolve("fleet.lock");
    try {
      Files.createDirectories(home);
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new FleetException(
            "process "
                + Files.readString(file).strip()
                + " runs a fleet in "
                + home
                + " already: stop it (`tensorfleet stop`) or choose another folder (--home)");
      }
      channel.truncate(0);
      var _ = channel.write(StandardCharsets.UTF_8.encode(ProcessHandle.current().pid() + "\n"));
      return new FleetLock(channel);
    } catch (IOException e) {
      throw new FleetException("cannot use the folder " + home + ": " + e.getMessage(), e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException sameProcess) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
