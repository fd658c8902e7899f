/** The earlier orchestrator's wire as its client: asks for tasks by polling and reports them. */
@NullMarked
package io.tensorfleet.worker.polling;

import org.jspecify.annotations.NullMarked;
