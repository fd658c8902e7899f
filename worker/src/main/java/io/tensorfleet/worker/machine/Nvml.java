package io.tensorfleet.worker.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.tensorfleet.worker.core.GpuUse;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * NVIDIA's management library, through the FFM API. Each call into it may take long; none throws: a
 * call that fails, as on a GPU that was lost, gives no value. Thread-safe.
 *
 * <p>Names, structures and codes are those of {@code nvml.h}: {@code nvmlUtilization_t} is two
 * unsigned ints (percent: gpu, memory), {@code nvmlMemory_t} three unsigned longs (bytes: total,
 * free, used); 0 is success.
 */
@SuppressWarnings({"restricted", "MustBeClosedChecker"}) // native calls; the arena ends with it
final class Nvml implements AutoCloseable {
  private static final int NAME_BYTES = 96;
  private static final int MAX_GPUS = 1024;

  private final Arena arena;
  private final SymbolLookup library;
  private boolean closed;

  private Nvml(Arena arena, SymbolLookup library) {
    this.arena = arena;
    this.library = library;
  }

  /**
   * Loads and initialises it; empty where it is not there, or does not want to.
   *
   * @param name of the library, or its path
   */
  static Optional<Nvml> open(String name) {
    Arena arena = Arena.ofShared();
    try {
      SymbolLookup library =
          name.contains("/")
              ? SymbolLookup.libraryLookup(Path.of(name), arena)
              : SymbolLookup.libraryLookup(name, arena);
      Nvml nvml = new Nvml(arena, library);
      if (nvml.call("nvmlInit_v2")) {
        return Optional.of(nvml);
      }
    } catch (IllegalArgumentException _) {
      // there is no such library
    }
    arena.close();
    return Optional.empty();
  }

  /** How many GPUs it shows; empty where it does not say. */
  synchronized Optional<Integer> count() {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment count = call.allocate(JAVA_INT);
      return call("nvmlDeviceGetCount_v2", count)
          ? Optional.of(Math.clamp(count.get(JAVA_INT, 0), 0, MAX_GPUS))
          : Optional.empty();
    }
  }

  /** Names of the GPUs that it shows. */
  synchronized List<String> names() {
    return indexes().mapToObj(this::name).flatMap(Optional::stream).toList();
  }

  /** What is used of each GPU. */
  synchronized List<GpuUse> use() {
    return indexes().mapToObj(this::use).toList();
  }

  private IntStream indexes() {
    return IntStream.range(0, count().orElse(0));
  }

  private Optional<String> name(int index) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment name = call.allocate(NAME_BYTES);
      return device(index, call)
          .filter(device -> call("nvmlDeviceGetName", device, name, NAME_BYTES - 1))
          .map(_ -> name.getString(0, StandardCharsets.ISO_8859_1));
    }
  }

  private GpuUse use(int index) {
    try (Arena call = Arena.ofConfined()) {
      Optional<MemorySegment> device = device(index, call);
      MemorySegment rates = call.allocate(JAVA_INT, 2);
      MemorySegment memory = call.allocate(JAVA_LONG, 3);
      return new GpuUse(
          index,
          device
              .filter(gpu -> call("nvmlDeviceGetUtilizationRates", gpu, rates))
              .map(_ -> Math.clamp(rates.get(JAVA_INT, 0), 0, 100)),
          device
              .filter(gpu -> call("nvmlDeviceGetMemoryInfo", gpu, memory))
              .map(_ -> memory(memory)));
    }
  }

  private static GpuUse.Memory memory(MemorySegment info) {
    return new GpuUse.Memory(
        info.getAtIndex(JAVA_LONG, 2), Math.max(0, info.getAtIndex(JAVA_LONG, 0)));
  }

  private Optional<MemorySegment> device(int index, Arena call) {
    MemorySegment handle = call.allocate(ADDRESS);
    return call("nvmlDeviceGetHandleByIndex_v2", index, handle)
        ? Optional.of(handle.get(ADDRESS, 0))
        : Optional.empty();
  }

  /** Whether the function is there and tells success. Pointers are segments, ints are ints. */
  private boolean call(String function, Object... arguments) {
    return !closed
        && library.find(function).map(address -> succeeds(address, arguments)).orElse(false);
  }

  private static boolean succeeds(MemorySegment function, Object... arguments) {
    var parameters = new java.lang.foreign.MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      parameters[i] = arguments[i] instanceof Integer ? JAVA_INT : ADDRESS;
    }
    MethodHandle handle =
        Linker.nativeLinker().downcallHandle(function, FunctionDescriptor.of(JAVA_INT, parameters));
    try {
      return (int) handle.invokeWithArguments(arguments) == 0;
    } catch (Throwable failure) {
      throw new IllegalStateException("a call without exceptions threw one", failure);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      var _ = call("nvmlShutdown");
      closed = true;
      arena.close();
    }
  }
}
