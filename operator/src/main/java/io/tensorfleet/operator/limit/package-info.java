/**
 * Manners towards the API server: how many writes at once, how many a second, and whose turn it is.
 */
@NullMarked
package io.tensorfleet.operator.limit;

import org.jspecify.annotations.NullMarked;
