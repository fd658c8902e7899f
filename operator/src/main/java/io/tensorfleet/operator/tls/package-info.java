/** The operator's own TLS towards orchestrators, from PEM files that may change while it runs. */
@NullMarked
package io.tensorfleet.operator.tls;

import org.jspecify.annotations.NullMarked;
