package cx.niro.core.internal;

import com.squareup.moshi.JsonReader;

/** What is done to texts that come from outside. */
final class Texts {
  private static final char REPLACEMENT = '\uFFFD';

  private Texts() {}

  /** Whether every receiver can store the text: no NUL, no half of a surrogate pair. */
  static boolean isClean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        return isCleanFrom(text, i);
      }
    }
    return true;
  }

  private static boolean isCleanFrom(String text, int start) {
    for (int i = start; i < text.length(); i++) {
      if (isBad(text, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBad(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
    }
    return c == 0;
  }

  static String clean(String text) {
    if (isClean(text)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      out.append(isBad(text, i) ? REPLACEMENT : text.charAt(i));
    }
    return out.toString();
  }

  static String clip(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    boolean splits = max > 0 && Character.isHighSurrogate(text.charAt(max - 1));
    return text.substring(0, splits ? max - 1 : max);
  }

  /** A path that is safe to log: hostile member names are part of it. */
  static String cutPath(String raw, int max) {
    String path = raw.endsWith(".") ? raw.substring(0, raw.length() - 1) : raw;
    StringBuilder out = new StringBuilder(Math.min(path.length(), max));
    for (int i = 0; i < path.length() && i < max; i++) {
      char c = path.charAt(i);
      out.append(Character.isISOControl(c) || isBad(path, i) ? '?' : c);
    }
    return path.length() > max ? out.append('…').toString() : out.toString();
  }

  /** The object that holds the member at the end of {@code path}. */
  static String parent(String path) {
    int dot = path.lastIndexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }

  /** In a list, the path of the element before the one that {@code path} names. */
  static String previousElement(String path) {
    int open = path.lastIndexOf('[');
    if (open < 0 || !path.endsWith("]")) {
      return path;
    }
    try {
      int index = Integer.parseInt(path.substring(open + 1, path.length() - 1));
      return path.substring(0, open + 1) + Math.max(0, index - 1) + "]";
    } catch (NumberFormatException e) {
      return path;
    }
  }

  static String nameOf(JsonReader.Token token) {
    return switch (token) {
      case BEGIN_ARRAY -> "a list";
      case BEGIN_OBJECT -> "an object";
      case STRING -> "a text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      case END_DOCUMENT -> "the end of the document";
      default -> "nothing";
    };
  }
}
