@NullMarked
package io.tensorfleet.cli.output;

import org.jspecify.annotations.NullMarked;
