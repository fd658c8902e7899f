@NullMarked
package io.tensorfleet.cli.demo;

import org.jspecify.annotations.NullMarked;
