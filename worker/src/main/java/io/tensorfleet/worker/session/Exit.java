package io.tensorfleet.worker.session;

/** How the program ends, and a sentence why. */
public record Exit(int status, String sentence) {}
