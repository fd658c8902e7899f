/** Trainers: what runs inside a slot. */
@NullMarked
package io.tensorfleet.worker.trainer;

import org.jspecify.annotations.NullMarked;
