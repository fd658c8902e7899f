/** The worker's log: one line an event, whatever the event holds. */
@NullMarked
package io.tensorfleet.worker.log;

import org.jspecify.annotations.NullMarked;
