package io.tensorfleet.local.ground;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BinariesTest {
  private static Binaries.Search find(Map<String, String> environment, String... executables) {
    var paths = Set.of(executables);
    return Binaries.find(environment, (Path path) -> paths.contains(path.toString()));
  }

  @Test
  void kubebuilderAssetsComeFirst() {
    var found =
        find(
            Map.of("KUBEBUILDER_ASSETS", "/assets", "XDG_CACHE_HOME", "/cache"),
            "/assets/etcd",
            "/assets/kube-apiserver",
            "/cache/tensorfleet/kube-v1.36.3/bin/etcd",
            "/cache/tensorfleet/kube-v1.36.3/bin/kube-apiserver");

    assertThat(found)
        .isEqualTo(new Binaries.Search.Found(new Binaries(Path.of("/assets"), false, false)));
  }

  @Test
  void theCacheFolderIsUsedElse() {
    var folder = "/home/x/.cache/tensorfleet/kube-v1.36.3/bin";
    var found =
        find(
            Map.of("HOME", "/home/x", "KUBEBUILDER_ASSETS", "/empty"),
            folder + "/etcd",
            folder + "/kube-apiserver",
            folder + "/kube-controller-manager",
            folder + "/kube-scheduler");

    assertThat(found)
        .isEqualTo(new Binaries.Search.Found(new Binaries(Path.of(folder), true, true)));
  }

  @Test
  void whatIsMissingIsSaidWithTheFoldersAndTheWayOut() {
    assertThat(find(Map.of("HOME", "/h", "KUBEBUILDER_ASSETS", "/a"), "/a/etcd"))
        .isInstanceOfSatisfying(
            Binaries.Search.Missing.class,
            missing ->
                assertThat(missing.why())
                    .contains("/a", "/h/.cache/tensorfleet", "make kube", "KUBEBUILDER_ASSETS"));
  }
}
