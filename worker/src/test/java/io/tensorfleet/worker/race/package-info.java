/** What concurrency tests have in common. */
@NullMarked
package io.tensorfleet.worker.race;

import org.jspecify.annotations.NullMarked;
