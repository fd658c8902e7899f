/** What is known of the orchestrators' queues, pushed by them, and the cordon of their workers. */
@NullMarked
package io.tensorfleet.operator.queue;

import org.jspecify.annotations.NullMarked;
