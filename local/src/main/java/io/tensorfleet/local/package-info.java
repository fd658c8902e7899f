@NullMarked
package io.tensorfleet.local;

import org.jspecify.annotations.NullMarked;
