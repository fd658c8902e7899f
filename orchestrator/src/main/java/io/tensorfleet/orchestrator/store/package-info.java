/** The database: one class per kind of statement. Blocking; never called from an event loop. */
@NullMarked
package io.tensorfleet.orchestrator.store;

import org.jspecify.annotations.NullMarked;
