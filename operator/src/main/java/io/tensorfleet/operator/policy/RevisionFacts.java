package io.tensorfleet.operator.policy;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of one revision beyond the life of an operator; kept with its stored template.
 *
 * @param revision its name
 * @param since since when Pods of it are there, while nobody knows whether it works
 * @param worked when it last proved to work
 * @param failure why it counts as failed
 */
public record RevisionFacts(
    String revision, Optional<Instant> since, Optional<Instant> worked, Optional<String> failure) {}
