/** Tests of the WorkerPool model and its CRD. */
@NullMarked
package io.tensorfleet.crds;

import org.jspecify.annotations.NullMarked;
