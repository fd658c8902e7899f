/**
 * Drills: each breaks something for real, keeps a history, and lets a pure checker judge it.
 *
 * <p>A drill gathers {@link io.tensorfleet.e2e.drill.Event}s, its checker turns them into {@link
 * io.tensorfleet.e2e.drill.Findings}, and those become the one line that is printed. Checkers touch
 * no clock, no process and no network, and have tests that feed them histories known to be bad.
 */
@NullMarked
package io.tensorfleet.e2e.drill;

import org.jspecify.annotations.NullMarked;
