@NullMarked
package io.tensorfleet.local.node;

import org.jspecify.annotations.NullMarked;
