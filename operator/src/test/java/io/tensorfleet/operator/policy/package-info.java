/** Tests of the scaling decision. */
@NullMarked
package io.tensorfleet.operator.policy;

import org.jspecify.annotations.NullMarked;
