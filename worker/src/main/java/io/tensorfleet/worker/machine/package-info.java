/** What the machine offers: limits of the container, GPUs. */
@NullMarked
package io.tensorfleet.worker.machine;

import org.jspecify.annotations.NullMarked;
