/** Worker sessions: the Work stream, and what each session may be sent. */
@NullMarked
package io.tensorfleet.orchestrator.session;

import org.jspecify.annotations.NullMarked;
