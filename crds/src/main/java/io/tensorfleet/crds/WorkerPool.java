package io.tensorfleet.crds;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A pool of training workers that serves one queue and is kept at the size that the queue's work
 * needs.
 */
@Group("tensorfleet.io")
@Version("v1alpha1")
@ShortNames({"wp", "workerpool"})
@Categories("all")
@ValidationRule(
    value = "self.metadata.name.size() <= 52",
    message =
        "metadata.name must have at most 52 characters, because the names of its Pods are made from it: choose a shorter one")
@AdditionalPrinterColumn(
    name = "DESIRED",
    jsonPath = ".status.desiredReplicas",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.readyReplicas",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "BUSY",
    jsonPath = ".status.busyReplicas",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "PENDING",
    jsonPath = ".status.queue.pending",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "RUNNING",
    jsonPath = ".status.queue.running",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "MIN",
    jsonPath = ".spec.minReplicas",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "MAX",
    jsonPath = ".spec.maxReplicas",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "MODE",
    jsonPath = ".spec.scaling.mode",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "UPDATED",
    jsonPath = ".status.updatedReplicas",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 1)
@AdditionalPrinterColumn(
    name = "REVISION",
    jsonPath = ".status.revision",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "REASON",
    jsonPath = ".status.lastScaleReason",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
public final class WorkerPool extends CustomResource<WorkerPoolSpec, WorkerPoolStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  @Override
  protected WorkerPoolSpec initSpec() {
    return WorkerPoolSpec.defaults();
  }

  @Override
  protected WorkerPoolStatus initStatus() {
    return WorkerPoolStatus.empty();
  }

  @Override
  @Required
  public WorkerPoolSpec getSpec() {
    return super.getSpec();
  }
}
