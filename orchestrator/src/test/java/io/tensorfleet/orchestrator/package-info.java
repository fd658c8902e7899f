/** Tests of the orchestrator on a real PostgreSQL, through its real doors. */
@NullMarked
package io.tensorfleet.orchestrator;

import org.jspecify.annotations.NullMarked;
