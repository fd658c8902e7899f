/** Profiles of this process, in the form that {@code go tool pprof} reads. */
@NullMarked
package io.tensorfleet.worker.profile;

import org.jspecify.annotations.NullMarked;
