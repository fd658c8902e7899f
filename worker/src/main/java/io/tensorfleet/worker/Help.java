package io.tensorfleet.worker;

import java.util.Locale;
import java.util.Optional;

/** What the program says of itself when asked. */
final class Help {
  private static final String LINE = "  %-22s %s%n";
  private static final String MORE = " ".repeat(25);

  private Help() {}

  static String version() {
    return "tensorfleet-worker " + implementationVersion();
  }

  /** As the build numbered it. */
  static String implementationVersion() {
    return Optional.ofNullable(Help.class.getPackage().getImplementationVersion()).orElse("dev");
  }

  /** All settings and exit statuses. */
  static String text() {
    StringBuilder text = new StringBuilder();
    text.append(version()).append(System.lineSeparator());
    text.append(
        """
        Leases tasks from an orchestrator, trains them and reports; SIGTERM lets what runs end first.
        It takes no arguments but --help and --version: all is set in the environment.
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
    setting.aliases().forEach(alias -> text.append("; alias: ").append(alias));
    text.append(System.lineSeparator());
  }
}
