/** What happens to tasks and jobs, as pure functions of values: no SQL, no transport, no clock. */
@NullMarked
package io.tensorfleet.orchestrator.core;

import org.jspecify.annotations.NullMarked;
