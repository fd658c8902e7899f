package io.tensorfleet.operator.pool;

import io.tensorfleet.operator.api.ApiWriter;
import io.tensorfleet.operator.pods.PodDefaults;
import io.tensorfleet.operator.queue.Cordons;
import io.tensorfleet.operator.telemetry.PoolMetrics;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/**
 * What the reconciler works with.
 *
 * @param usualAddress the orchestrator of pools that name none
 * @param mayAct whether this operator is the one that acts
 * @param identity the operator's name in events
 */
public record Surroundings(
    ApiWriter api,
    Cordons cordons,
    PoolMetrics metrics,
    PodDefaults defaults,
    String usualAddress,
    InstantSource clock,
    BooleanSupplier mayAct,
    String identity) {}
