package cx.niro.core.policy;

/**
 * The parts of an image's name by their grammar, each in one pass over its characters: a server
 * reads the images of a cluster with each beat that changed something.
 */
final class ImageGrammar {
  private static final int TAG_CHARS = 128;
  private static final int DIGEST_CHARS = 32;
  private static final int SHA256_CHARS = 64;
  private static final String SHA256 = "sha256:";

  private ImageGrammar() {}

  /** {@code name.of-host}, {@code [address]}, either with a port. */
  static boolean isHost(String text) {
    int colon = text.lastIndexOf(':');
    int end = colon > text.lastIndexOf(']') ? colon : text.length();
    return (end == text.length() || isPort(text, end + 1))
        && (text.startsWith("[") ? isAddress(text, end) : isHostName(text, end));
  }

  private static boolean isPort(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return from < text.length();
  }

  private static boolean isAddress(String text, int end) {
    for (int i = 1; i < end - 1; i++) {
      if (!isHex(text.charAt(i)) && text.charAt(i) != ':') {
        return false;
      }
    }
    return end > 2 && text.charAt(end - 1) == ']';
  }

  /** Each label begins and ends with a letter or digit and may have hyphens in between. */
  private static boolean isHostName(String text, int end) {
    char before = '.';
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean fits =
          isLetterOrDigit(c)
              || (c == '-' && before != '.')
              || (c == '.' && isLetterOrDigit(before));
      if (!fits) {
        return false;
      }
      before = c;
    }
    return isLetterOrDigit(before);
  }

  /** Lower-case letters and digits, between them single separators. */
  static boolean isPath(String text) {
    int i = 0;
    while (true) {
      int run = i;
      while (i < text.length() && isLowerOrDigit(text.charAt(i))) {
        i++;
      }
      if (i == run || i == text.length()) {
        return i > run;
      }
      i = afterSeparator(text, i);
    }
  }

  /** A slash, a dot, one or two underscores, any number of hyphens; else the same place. */
  private static int afterSeparator(String text, int from) {
    int i = from;
    switch (text.charAt(i)) {
      case '/', '.' -> i++;
      case '_' -> i += text.startsWith("__", i) ? 2 : 1;
      case '-' -> {
        while (i < text.length() && text.charAt(i) == '-') {
          i++;
        }
      }
      default -> {}
    }
    return i;
  }

  static boolean isTag(String text) {
    if (text.isEmpty() || text.length() > TAG_CHARS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean inner = i > 0 && (c == '.' || c == '-');
      if (!inner && !isLetterOrDigit(c) && c != '_') {
        return false;
      }
    }
    return true;
  }

  static boolean isDigest(String text) {
    if (text.startsWith(SHA256)) {
      return isSmallHex(text, SHA256.length());
    }
    int colon = text.indexOf(':');
    if (colon < 0 || text.length() - colon <= DIGEST_CHARS || !isAlgorithm(text, colon)) {
      return false;
    }
    for (int i = colon + 1; i < text.length(); i++) {
      if (!isHex(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Parts that begin with a letter. */
  private static boolean isAlgorithm(String text, int end) {
    boolean first = true;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean separates = !first && "-_+.".indexOf(c) >= 0;
      if (!separates && !(first ? isLetter(c) : isLetterOrDigit(c))) {
        return false;
      }
      first = separates;
    }
    return !first;
  }

  /** What runtimes take for an image's id instead of a name. */
  static boolean isId(String text) {
    return isSmallHex(text, 0);
  }

  private static boolean isSmallHex(String text, int from) {
    if (text.length() - from != SHA256_CHARS) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isHex(c) || (c >= 'A' && c <= 'F')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLowerOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || isDigit(c);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isLetterOrDigit(char c) {
    return isLetter(c) || isDigit(c);
  }

  private static boolean isHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}
