/** A worker with its orchestrators: the Work stream, polling where that is not known, drain. */
@NullMarked
package io.tensorfleet.worker.session;

import org.jspecify.annotations.NullMarked;
