@NullMarked
package io.tensorfleet.local.ground;

import org.jspecify.annotations.NullMarked;
