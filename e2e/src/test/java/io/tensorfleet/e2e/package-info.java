@NullMarked
package io.tensorfleet.e2e;

import org.jspecify.annotations.NullMarked;
