/** What one task costs, measured by JMH: {@code make bench-tasks}. */
@NullMarked
package io.tensorfleet.worker.bench;

import org.jspecify.annotations.NullMarked;
