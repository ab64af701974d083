package cx.niro.core.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Seeded damage to JSON documents: some of it to bytes, some to values, names and structure. */
final class Mutations {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+");
  private static final Pattern TEXT = Pattern.compile("\"[^\"\\\\]*\"");
  private static final Pattern VALUE =
      Pattern.compile("(?<=[:\\[,]\\s{0,20})(\"[^\"]*\"|-?\\d+|true|false|\\{\\}|\\[\\])");
  private static final Pattern MEMBER = Pattern.compile("\"\\w+\":\\s?(\"[^\"]*\"|-?\\d+)");

  private static final List<String> NUMBERS =
      List.of(
          "1e999",
          "-1e999",
          "1E+99999999",
          "1e-99999999",
          "-0",
          "0.1",
          "1.0",
          "1e3",
          "-1",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "2147483648",
          "00",
          "01",
          "1.",
          ".5",
          "+1",
          "0x10",
          "NaN",
          "Infinity",
          "9".repeat(64),
          "9".repeat(5000),
          "0." + "0".repeat(400) + "1",
          "1e" + "9".repeat(40));
  private static final List<String> TEXTS =
      List.of(
          "\"\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\\ud83d\\ude00\"",
          "\"\\uD83D\\u\"",
          "\"\\x\"",
          "\"" + "a".repeat(3000) + "\"",
          "\"\u0130\u0131\u00df\"",
          "\"" + "\\u0041".repeat(700) + "\"",
          "\"<script>alert(1)</script>\"",
          "\"../../x\"",
          "\"\u2028\uFEFF\"",
          "'single'",
          "\"open",
          "\"\t\"");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "[]",
          "{}",
          "17",
          "\"x\"",
          "[null]",
          "[[]]",
          "{\"a\":{}}",
          "[1,2,3]",
          "{\"meta\":{\"uid\":\"u\",\"name\":\"n\"}}",
          "nul",
          "",
          ",");

  private final RandomGenerator random;
  private final List<String> others;

  Mutations(long seed, List<String> others) {
    this.random = new SplittableRandom(seed);
    this.others = others;
  }

  byte[] of(String document) {
    String damaged = document;
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      damaged = random.nextBoolean() ? structure(damaged) : bytes(damaged);
    }
    return damaged.getBytes(random.nextInt(8) == 0 ? ISO_8859_1 : UTF_8);
  }

  private String structure(String text) {
    return switch (random.nextInt(8)) {
      case 0 -> replaced(text, NUMBER, pick(NUMBERS));
      case 1 -> replaced(text, TEXT, pick(TEXTS));
      case 2 -> replaced(text, VALUE, pick(VALUES));
      case 3 -> replaced(text, VALUE, nested());
      case 4 -> replaced(text, VALUE, pick(NUMBERS));
      case 5 -> twice(text, MEMBER, ",");
      case 6 -> replaced(text, VALUE, pick(others));
      default -> replaced(text, VALUE, many());
    };
  }

  private String nested() {
    int depth = 1 + random.nextInt(random.nextInt(10) == 0 ? 5000 : 60);
    boolean list = random.nextBoolean();
    String closing = random.nextInt(4) == 0 ? "" : (list ? "]" : "}").repeat(depth);
    return (list ? "[" : "{\"a\":").repeat(depth) + (list ? "" : "1") + closing;
  }

  private String many() {
    int count = random.nextInt(random.nextInt(10) == 0 ? 3000 : 30);
    return "[" + (pick(VALUES) + ",").repeat(count) + "0]";
  }

  private String bytes(String text) {
    if (text.isEmpty()) {
      return "{";
    }
    int from = random.nextInt(text.length());
    int to = Math.min(text.length(), from + 1 + random.nextInt(40));
    return switch (random.nextInt(7)) {
      case 0 -> text.substring(0, from);
      case 1 -> text.substring(0, from) + text.substring(to);
      case 2 -> text.substring(0, to) + text.substring(from);
      case 3 -> flipped(text, from);
      case 4 -> text.substring(0, from) + noise() + text.substring(from);
      case 5 -> {
        String other = pick(others);
        yield text.substring(0, from) + other.substring(random.nextInt(other.length()));
      }
      default -> text.substring(0, from) + " ".repeat(random.nextInt(6000)) + text.substring(from);
    };
  }

  private String flipped(String text, int at) {
    char c = (char) (text.charAt(at) ^ 1 << random.nextInt(8));
    return text.substring(0, at) + c + text.substring(at + 1);
  }

  private String noise() {
    StringBuilder noise = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      noise.append((char) random.nextInt(random.nextBoolean() ? 128 : 65536));
    }
    return noise.toString();
  }

  private String replaced(String text, Pattern pattern, String by) {
    MatchResult match = anywhere(text, pattern);
    return match == null
        ? text
        : text.substring(0, match.start()) + by + text.substring(match.end());
  }

  private String twice(String text, Pattern pattern, String between) {
    MatchResult match = anywhere(text, pattern);
    return match == null
        ? text
        : text.substring(0, match.end()) + between + match.group() + text.substring(match.end());
  }

  private MatchResult anywhere(String text, Pattern pattern) {
    if (text.isEmpty()) {
      return null;
    }
    var matcher = pattern.matcher(text);
    boolean found = matcher.find(random.nextInt(text.length())) || matcher.find(0);
    return found ? matcher.toMatchResult() : null;
  }

  private String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
