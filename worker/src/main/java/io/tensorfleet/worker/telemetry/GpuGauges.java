package io.tensorfleet.worker.telemetry;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.tensorfleet.worker.core.GpuUse;
import io.tensorfleet.worker.core.Usage;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The gauges of GPUs: none where there are none, and none of a GPU that was lost. */
final class GpuGauges {
  private GpuGauges() {}

  static void register(PrometheusRegistry registry, Supplier<Usage> usage) {
    gauge(usage, gpu -> gpu.percent().map(Integer::doubleValue))
        .name("worker_gpu_utilization_percent")
        .help("Time in which the GPU was busy, in percent.")
        .register(registry);
    gauge(usage, gpu -> gpu.memory().map(memory -> (double) memory.used()))
        .name("worker_gpu_memory_used_bytes")
        .help("Memory of the GPU that is used, by whomever.")
        .register(registry);
    gauge(usage, gpu -> gpu.memory().map(memory -> (double) memory.total()))
        .name("worker_gpu_memory_total_bytes")
        .help("All memory of the GPU.")
        .register(registry);
  }

  private static GaugeWithCallback.Builder gauge(
      Supplier<Usage> usage, Function<GpuUse, Optional<Double>> value) {
    return GaugeWithCallback.builder()
        .labelNames("gpu")
        .callback(
            gauge ->
                usage
                    .get()
                    .gpus()
                    .forEach(
                        gpu ->
                            value
                                .apply(gpu)
                                .ifPresent(v -> gauge.call(v, Integer.toString(gpu.index())))));
  }
}
