/** Tests of the pure core. */
@NullMarked
package io.tensorfleet.orchestrator.core;

import org.jspecify.annotations.NullMarked;
