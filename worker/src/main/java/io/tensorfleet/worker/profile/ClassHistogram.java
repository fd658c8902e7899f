package io.tensorfleet.worker.profile;

import io.tensorfleet.worker.profile.Profile.Frame;
import io.tensorfleet.worker.profile.Profile.Kind;
import io.tensorfleet.worker.profile.Profile.Stack;
import io.tensorfleet.worker.profile.Profile.ValueType;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** The objects that live after a full collection, by class. */
final class ClassHistogram {
  private static final Kind IN_USE =
      new Kind(
          List.of(new ValueType("inuse_objects", "count"), new ValueType("inuse_space", "bytes")),
          0);

  /** Rank, objects, bytes, class; the JVM may name the module after it. */
  private static final Pattern LINE =
      Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)(?:\\s.*)?");

  private ClassHistogram() {}

  /** Collects all garbage, which stops the process for a moment, and counts what is left. */
  static Profile take() throws JMException {
    Object answer =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    return parse(String.valueOf(answer), Instant.now());
  }

  /** Reads what the JVM's command {@code GC.class_histogram} prints. */
  static Profile parse(String text, Instant at) {
    Profile profile = new Profile(IN_USE, at);
    profile.comment("live objects by class after a full collection; a frame is a class, no stack");
    for (String line : text.lines().toList()) {
      Matcher parts = LINE.matcher(line);
      if (parts.matches()) {
        profile.add(
            new Stack(List.of(frame(parts.group(3))), Map.of()),
            Long.parseLong(parts.group(1)),
            Long.parseLong(parts.group(2)));
      }
    }
    return profile;
  }

  private static Frame frame(String className) {
    String name = JavaNames.stable(JavaNames.readable(className));
    return new Frame(name, className, name.endsWith("[]") ? "" : JavaNames.sourceFile(name), 0);
  }
}
