/** Metrics and health of the operator. */
@NullMarked
package io.tensorfleet.operator.telemetry;

import org.jspecify.annotations.NullMarked;
