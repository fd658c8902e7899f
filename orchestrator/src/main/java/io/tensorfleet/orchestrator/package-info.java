/** The orchestrator: configuration and wiring. */
@NullMarked
package io.tensorfleet.orchestrator;

import org.jspecify.annotations.NullMarked;
