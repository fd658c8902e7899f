package io.tensorfleet.cli.demo;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tensorfleet.crds.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A WorkerPool in a YAML file. */
public final class PoolFile {
  private PoolFile() {}

  /**
   * The pool, in the namespace {@code default} where it names none.
   *
   * @throws IllegalArgumentException when there is no such file or it holds no WorkerPool
   */
  public static WorkerPool read(Path file) {
    WorkerPool pool = parse(file);
    if (pool.getMetadata().getName() == null) {
      throw new IllegalArgumentException(file + " holds no WorkerPool with a metadata.name");
    }
    if (pool.getMetadata().getNamespace() == null) {
      pool.getMetadata().setNamespace("default");
    }
    return pool;
  }

  private static WorkerPool parse(Path file) {
    try (var yaml = Files.newInputStream(file)) {
      return new KubernetesSerialization().unmarshal(yaml, WorkerPool.class);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": no file that can be read", e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(file + " holds no WorkerPool: " + e.getMessage(), e);
    }
  }
}
