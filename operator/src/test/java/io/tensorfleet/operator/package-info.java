/** Tests of the operator, and the fakes they share. */
@NullMarked
package io.tensorfleet.operator;

import org.jspecify.annotations.NullMarked;
