/** The operator: keeps each WorkerPool at the size that its queue needs. */
@NullMarked
package io.tensorfleet.operator;

import org.jspecify.annotations.NullMarked;
