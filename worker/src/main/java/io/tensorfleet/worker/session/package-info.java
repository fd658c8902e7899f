/** The Work stream with an orchestrator: credit, leases, heartbeats, results, drain. */
@NullMarked
package io.tensorfleet.worker.session;

import org.jspecify.annotations.NullMarked;
