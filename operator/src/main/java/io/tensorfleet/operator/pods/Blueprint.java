package io.tensorfleet.operator.pods;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.tensorfleet.crds.PodTemplate;
import io.tensorfleet.crds.WorkerPool;

/** What a new Pod of a pool looks like now, or why none can be made. */
public sealed interface Blueprint {
  /** Of a Pod that can be made. */
  record Valid(PodTemplateSpec template, String revision) implements Blueprint {
    /** The Pod of this name, owned by the pool. */
    public Pod pod(WorkerPool pool, String name) {
      return new PodBuilder()
          .withMetadata(metadata(pool, name))
          .withSpec(template.getSpec())
          .build();
    }

    private ObjectMeta metadata(WorkerPool pool, String name) {
      return Owned.by(
          pool,
          revision,
          new ObjectMetaBuilder()
              .withName(name)
              .withAnnotations(template.getMetadata().getAnnotations())
              .withLabels(template.getMetadata().getLabels()));
    }
  }

  /** Of a pool whose template cannot be read; the sentence says what is wrong. */
  record Invalid(String sentence) implements Blueprint {}

  /**
   * The blueprint of a pool. Its revision is a hash of what reaches the Pod: the completed template
   * with its own labels and annotations, nothing of the pool's metadata or scaling.
   */
  static Blueprint of(WorkerPool pool, PodDefaults defaults) {
    PodTemplate.Reading reading =
        pool.getSpec()
            .ownTemplate()
            .map(PodTemplate::read)
            .orElseGet(() -> new PodTemplate.Reading.Valid(new PodTemplateSpec()));
    return switch (reading) {
      case PodTemplate.Reading.Invalid(String sentence) -> new Invalid(sentence);
      case PodTemplate.Reading.Valid(PodTemplateSpec template) -> {
        PodTemplateSpec complete = Completion.of(template, pool.getSpec(), defaults);
        yield new Valid(complete, RevisionHash.of(complete));
      }
    };
  }
}
