package io.tensorfleet.operator.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tensorfleet.operator.PoolKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Reads the metrics of all pools when somebody asks: a pool costs one record in between. */
record PoolCollector(Map<PoolKey, PoolRecord> pools) implements MultiCollector {
  @Override
  public MetricSnapshots collect() {
    return new MetricSnapshots(
        Arrays.stream(PoolFamily.values()).map(this::snapshot).toArray(MetricSnapshot[]::new));
  }

  private MetricSnapshot snapshot(PoolFamily family) {
    if (family.counter()) {
      var counter = CounterSnapshot.builder().name(family.prometheusName()).help(family.meaning());
      points(family, (value, labels) -> new CounterDataPointSnapshot(value, labels, null, 0))
          .forEach(counter::dataPoint);
      return counter.build();
    }
    var gauge = GaugeSnapshot.builder().name(family.prometheusName()).help(family.meaning());
    points(family, (value, labels) -> new GaugeDataPointSnapshot(value, labels, null))
        .forEach(gauge::dataPoint);
    return gauge.build();
  }

  private <P> List<P> points(PoolFamily family, BiFunction<Double, Labels, P> point) {
    return pools.entrySet().stream()
        .flatMap(
            pool ->
                family.labelValues().stream()
                    .map(
                        value ->
                            point.apply(
                                pool.getValue().value(family, value),
                                labels(family, pool.getKey(), value))))
        .toList();
  }

  private static Labels labels(PoolFamily family, PoolKey pool, String value) {
    Labels labels = Labels.of("namespace", pool.namespace(), "pool", pool.name());
    return family.label().isEmpty() ? labels : labels.add(family.label(), value);
  }
}
