/**
 * The scaling decision: one pure function from {@link io.tensorfleet.operator.policy.PoolView} to
 * {@link io.tensorfleet.operator.policy.ScalePlan}. Nothing here reads a clock, logs, draws a
 * random number or calls out.
 */
@NullMarked
package io.tensorfleet.operator.policy;

import org.jspecify.annotations.NullMarked;
