/**
 * The WorkerPool custom resource: its model, from which the committed CRD is generated, and how its
 * values are read.
 */
@NullMarked
package io.tensorfleet.crds;

import org.jspecify.annotations.NullMarked;
