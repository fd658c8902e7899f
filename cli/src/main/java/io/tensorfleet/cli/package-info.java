@NullMarked
package io.tensorfleet.cli;

import org.jspecify.annotations.NullMarked;
