/** What the worker decides: values and functions without I/O, clock or log. */
@NullMarked
package io.tensorfleet.worker.core;

import org.jspecify.annotations.NullMarked;
