package io.tensorfleet.local.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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

  /**
   * The program of an image: of its whole name, else of its name without tag, else also without
   * registry and path, which mean nothing to a node that pulls no images.
   */
  Optional<List<String>> program(String image) {
    String name = withoutTag(image);
    return Stream.of(image, name, name.substring(name.lastIndexOf('/') + 1))
        .filter(images::containsKey)
        .map(key -> List.copyOf(images.getOrDefault(key, List.of())))
        .findFirst();
  }

  private static String withoutTag(String image) {
    int colon = image.lastIndexOf(':');
    return colon > image.lastIndexOf('/') ? image.substring(0, colon) : image;
  }
}
