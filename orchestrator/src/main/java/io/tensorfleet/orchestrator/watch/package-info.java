/** Tells watchers of queues and jobs what changed. */
@NullMarked
package io.tensorfleet.orchestrator.watch;

import org.jspecify.annotations.NullMarked;
