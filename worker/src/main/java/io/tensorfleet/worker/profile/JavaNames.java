package io.tensorfleet.worker.profile;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How classes are named in a profile. */
final class JavaNames {
  private static final Pattern HIDDEN = Pattern.compile("(?:\\.|/)?0x[0-9a-f]{6,}");
  private static final Pattern ARRAY = Pattern.compile("(\\[+)(?:L([^;]+);|([BCDFIJSZ]))");

  private JavaNames() {}

  /** The class without the address that makes a hidden class another one in each run. */
  static String stable(String className) {
    return HIDDEN.matcher(className).replaceAll("");
  }

  /** {@code [[B} as {@code byte[][]}; names that are no arrays as they are. */
  static String readable(String className) {
    Matcher matcher = ARRAY.matcher(className);
    if (!matcher.matches()) {
      return className;
    }
    String element = matcher.group(2) == null ? primitive(matcher.group(3)) : matcher.group(2);
    return element + "[]".repeat(matcher.group(1).length());
  }

  private static String primitive(String letter) {
    return switch (letter) {
      case "B" -> "byte";
      case "C" -> "char";
      case "D" -> "double";
      case "F" -> "float";
      case "I" -> "int";
      case "J" -> "long";
      case "S" -> "short";
      default -> "boolean";
    };
  }

  /** Where the source of a class lies below a source folder, by Java's usual naming. */
  static String sourceFile(String className) {
    String outer = className.replaceFirst("(?<=[^./])\\$.*", "");
    return outer.replace('.', '/') + ".java";
  }
}
