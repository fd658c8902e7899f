/** Which of several operators acts, by a Lease, and that no other one's writes leave it. */
@NullMarked
package io.tensorfleet.operator.lead;

import org.jspecify.annotations.NullMarked;
