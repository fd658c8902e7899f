package io.tensorfleet.operator;

import java.util.Locale;
import java.util.Optional;

/** What the program says of itself when asked. */
final class Help {
  private static final String LINE = "  %-30s %s%n";
  private static final String MORE = " ".repeat(33);

  private Help() {}

  /** As the build numbered it. */
  static String version() {
    return "tensorfleet-operator "
        + Optional.ofNullable(Help.class.getPackage().getImplementationVersion()).orElse("dev");
  }

  /** All settings and exit statuses. */
  static String text() {
    StringBuilder text = new StringBuilder();
    text.append(version()).append(System.lineSeparator());
    text.append(
        """
        Keeps each WorkerPool of a cluster at the size that its queue needs.
        It takes no arguments but --help and --version: all is set in the environment. The cluster is the
        one that it runs in, or the one that KUBECONFIG names.
        """);
    for (Setting.Group group : Setting.Group.values()) {
      text.append(System.lineSeparator()).append(group.title()).append(System.lineSeparator());
      Settings.all().stream()
          .filter(setting -> setting.group() == group)
          .forEach(setting -> describe(text, setting));
    }
    text.append(System.lineSeparator()).append("Exit status").append(System.lineSeparator());
    for (ExitStatus status : ExitStatus.values()) {
      text.append(String.format(Locale.ROOT, LINE, status.code(), status.meaning()));
    }
    return text.toString();
  }

  private static void describe(StringBuilder text, Setting<?> setting) {
    text.append(String.format(Locale.ROOT, LINE, setting.name(), setting.meaning()));
    text.append(MORE).append("accepted: ").append(setting.kind().accepted());
    text.append(System.lineSeparator());
    text.append(MORE).append("default: ").append(setting.absent());
    text.append(System.lineSeparator());
  }
}
