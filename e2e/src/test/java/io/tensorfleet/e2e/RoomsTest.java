package io.tensorfleet.e2e;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Holds the table of rooms: who may see whom, and which packages stay pure. */
class RoomsTest {
  private static final String HOME = "io.tensorfleet.";

  /** The table of the design: a room, and the rooms that it may see. */
  private static final Map<String, Set<String>> MAY_SEE =
      Map.of(
          "proto", Set.of(),
          "crds", Set.of(),
          "orchestrator", Set.of("proto"),
          "worker", Set.of("proto"),
          "operator", Set.of("proto", "crds"),
          "local", Set.of("proto", "crds", "orchestrator", "worker", "operator"),
          "cli", Set.of("proto", "crds", "local"));

  static final List<String> ROOMS = MAY_SEE.keySet().stream().sorted().toList();

  /**
   * Packages that only decide: no clock, no randomness of their own, no log, no I/O, no client, no
   * thread.
   */
  static final List<String> PURE =
      List.of("operator.policy", "orchestrator.core", "worker.core", "crds");

  private static JavaClasses all = new ClassFileImporter().importClasses();

  @BeforeAll
  static void importAll() {
    all =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tensorfleet");
  }

  @ParameterizedTest
  @FieldSource("ROOMS")
  void aRoomSeesOnlyTheRoomsOfTheTable(String room) {
    var others = new ArrayList<>(ROOMS);
    others.remove(room);
    others.removeAll(MAY_SEE.getOrDefault(room, Set.of()));
    var hidden = others.stream().map(RoomsTest::packages).toArray(String[]::new);

    assertThat(all.that(resideInAPackage(packages(room)))).as("classes of %s", room).isNotEmpty();
    noClasses()
        .that()
        .resideInAPackage(packages(room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(hidden)
        .check(all);
  }

  @Test
  void noRoomIsCalledByANameThatSaysNothing() {
    noClasses()
        .should()
        .resideInAnyPackage("..common..", "..util..", "..utils..", "..helper..", "..misc..")
        .check(all);
  }

  @Test
  void everyClassLivesInARoomOfTheTable() {
    classes()
        .should()
        .resideInAnyPackage(ROOMS.stream().map(RoomsTest::packages).toArray(String[]::new))
        .check(all);
  }

  @ParameterizedTest
  @FieldSource("PURE")
  void aPurePackageReadsNoClockAndTouchesNothing(String pure) {
    assertThat(all.that(resideInAPackage(packages(pure)))).as("classes of %s", pure).isNotEmpty();
    noClasses()
        .that()
        .resideInAPackage(packages(pure))
        .should()
        .dependOnClassesThat(TOUCHES_THE_WORLD)
        .check(all);
    noClasses()
        .that()
        .resideInAPackage(packages(pure))
        .should()
        .callMethodWhere(READS_CLOCK)
        .check(all);
  }

  @ParameterizedTest
  @FieldSource("PURE")
  void aPurePackageSeesNoImpureNeighbour(String pure) {
    if (pure.equals("crds")) {
      return;
    }
    var room = pure.substring(0, pure.indexOf('.'));
    noClasses()
        .that()
        .resideInAPackage(packages(pure))
        .should()
        .dependOnClassesThat(
            resideInAPackage(packages(room))
                .and(DescribedPredicate.not(resideInAPackage(packages(pure)))))
        .check(all);
  }

  private static final DescribedPredicate<JavaClass> TOUCHES_THE_WORLD =
      resideInAnyPackage(
              "org.slf4j..",
              "java.util.logging..",
              "java.sql..",
              "javax.sql..",
              "java.net..",
              "java.nio.file..",
              "java.io..",
              "java.util.concurrent..",
              "io.grpc..",
              "io.fabric8.kubernetes.client.dsl..",
              "io.micrometer..")
          .and(
              DescribedPredicate.not(
                  DescribedPredicate.describe(
                      "serialization, exceptions and time units",
                      type ->
                          Set.of(
                                  "java.io.Serializable",
                                  "java.io.ObjectStreamException",
                                  "java.io.UncheckedIOException",
                                  "java.util.concurrent.TimeUnit")
                              .contains(type.getName()))))
          .or(DescribedPredicate.describe("threads", type -> type.isEquivalentTo(Thread.class)));

  private static final DescribedPredicate<com.tngtech.archunit.core.domain.JavaMethodCall>
      READS_CLOCK =
          DescribedPredicate.describe(
              "read a clock or make up a number",
              call -> {
                var owner = call.getTargetOwner().getName();
                var name = call.getName();
                return (owner.startsWith("java.time.") && name.equals("now"))
                    || (owner.equals("java.lang.System")
                        && (name.equals("currentTimeMillis")
                            || name.equals("nanoTime")
                            || name.equals("getenv")
                            || name.equals("getProperty")))
                    || (owner.equals("java.lang.Math") && name.equals("random"))
                    || (owner.equals("java.util.UUID") && name.equals("randomUUID"));
              });

  private static String packages(String room) {
    return HOME + room + "..";
  }
}
