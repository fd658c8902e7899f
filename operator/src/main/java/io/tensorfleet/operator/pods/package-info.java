/** What a worker Pod looks like, and what is read from one. */
@NullMarked
package io.tensorfleet.operator.pods;

import org.jspecify.annotations.NullMarked;
