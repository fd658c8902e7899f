/** Benchmarks of whole programs: they measure and judge nothing. */
@NullMarked
package io.tensorfleet.e2e.bench;

import org.jspecify.annotations.NullMarked;
