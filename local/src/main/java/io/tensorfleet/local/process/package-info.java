@NullMarked
package io.tensorfleet.local.process;

import org.jspecify.annotations.NullMarked;
