/** Gives waiting tasks to workers with credit, and takes back what was lost. */
@NullMarked
package io.tensorfleet.orchestrator.dispatch;

import org.jspecify.annotations.NullMarked;
