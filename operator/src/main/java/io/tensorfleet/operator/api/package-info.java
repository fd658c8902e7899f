/** Writes to the API server. */
@NullMarked
package io.tensorfleet.operator.api;

import org.jspecify.annotations.NullMarked;
