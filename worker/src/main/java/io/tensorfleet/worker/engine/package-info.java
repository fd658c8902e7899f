/** Slots and the runs that take them. */
@NullMarked
package io.tensorfleet.worker.engine;

import org.jspecify.annotations.NullMarked;
