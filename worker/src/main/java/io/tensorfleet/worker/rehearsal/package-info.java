/** A short working day of a worker, for the JVM to learn from when its AOT cache is made. */
@NullMarked
package io.tensorfleet.worker.rehearsal;

import org.jspecify.annotations.NullMarked;
