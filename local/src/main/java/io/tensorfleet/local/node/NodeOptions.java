package io.tensorfleet.local.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a local node works.
 *
 * @param name the Node's name
 * @param images which program stands for an image: image name to command
 * @param home where pid files and logs go
 * @param binds whether the node takes Pods that are bound to no node (there is no scheduler)
 * @param mock whether the API server is the embedded mock
 */
public record NodeOptions(
    String name,
    Map<String, List<String>> images,
    Path home,
    boolean binds,
    boolean mock,
    PodPlan.BackOff backOff) {

  public NodeOptions {
    images = Map.copyOf(images);
    home = home.toAbsolutePath();
  }

  /** The program of an image. A name without a tag stands for all its tags. */
  Optional<List<String>> program(String image) {
    return Optional.ofNullable(images.get(image))
        .or(() -> Optional.ofNullable(images.get(withoutTag(image))));
  }

  private static String withoutTag(String image) {
    int colon = image.lastIndexOf(':');
    return colon > image.lastIndexOf('/') ? image.substring(0, colon) : image;
  }
}
