/** Health, metrics and worker activity over HTTP. */
@NullMarked
package io.tensorfleet.orchestrator.http;

import org.jspecify.annotations.NullMarked;
