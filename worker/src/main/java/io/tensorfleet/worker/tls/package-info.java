/**
 * Credentials from PEM files that may change while the worker runs; loaded only where TLS is on.
 */
@NullMarked
package io.tensorfleet.worker.tls;

import org.jspecify.annotations.NullMarked;
