/**
 * The reconciler: collects the view of a pool, lets the policy decide, carries the plan out, says
 * so.
 */
@NullMarked
package io.tensorfleet.operator.pool;

import org.jspecify.annotations.NullMarked;
