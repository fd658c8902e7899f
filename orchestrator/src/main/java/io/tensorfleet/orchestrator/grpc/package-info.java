/** The gRPC services that people, programs and the operator call. */
@NullMarked
package io.tensorfleet.orchestrator.grpc;

import org.jspecify.annotations.NullMarked;
