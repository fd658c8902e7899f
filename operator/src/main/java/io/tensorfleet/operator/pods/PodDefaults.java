package io.tensorfleet.operator.pods;

/**
 * What a Pod gets where its pool says nothing.
 *
 * @param image the worker's image
 * @param orchestratorAddress the address that the worker connects to
 */
public record PodDefaults(String image, String orchestratorAddress) {}
