@NullMarked
package io.tensorfleet.orchestrator.watch;

import org.jspecify.annotations.NullMarked;
