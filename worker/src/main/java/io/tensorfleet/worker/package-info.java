/** The worker's program: configuration and wiring. */
@NullMarked
package io.tensorfleet.worker;

import org.jspecify.annotations.NullMarked;
