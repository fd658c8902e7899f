/** What the worker tells about itself: metrics, health, the machine's figures. */
@NullMarked
package io.tensorfleet.worker.telemetry;

import org.jspecify.annotations.NullMarked;
