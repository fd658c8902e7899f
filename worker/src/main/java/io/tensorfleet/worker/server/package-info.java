/** The worker's own servers: HTTP for probes and metrics, gRPC for the earlier wire. */
@NullMarked
package io.tensorfleet.worker.server;

import org.jspecify.annotations.NullMarked;
