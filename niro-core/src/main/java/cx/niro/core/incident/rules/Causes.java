package cx.niro.core.incident.rules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names for what messages of Kubernetes say, each with the words that it goes by. */
final class Causes {
  private static final int PLAIN_CHARS = 200;
  private static final Pattern GENERATED =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{16,}|:[0-9]+(?=->)");
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

  private final Map<String, Pattern> words;

  private Causes(Map<String, Pattern> words) {
    this.words = words;
  }

  static Causes none() {
    return new Causes(Map.of());
  }

  /** The same, and this name for messages that hold the expression and none before it. */
  Causes or(String name, String expression) {
    Map<String, Pattern> more = new LinkedHashMap<>(words);
    more.put(name, Pattern.compile(expression, Pattern.CASE_INSENSITIVE));
    return new Causes(more);
  }

  /** The first that fits; names inside quotes do not count as words. Null for none. */
  @Nullable String first(@Nullable String message) {
    List<String> all = all(message);
    return all.isEmpty() ? null : all.get(0);
  }

  /** All that fit, in the order in which they were given. */
  List<String> all(@Nullable String message) {
    if (message == null) {
      return List.of();
    }
    String text = QUOTED.matcher(message).replaceAll("");
    return words.entrySet().stream()
        .filter(entry -> entry.getValue().matcher(text).find())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A message without what is made anew at each try: long hashes, uids, ports of connections. */
  static String plain(String message) {
    String text = GENERATED.matcher(message).replaceAll("");
    return text.length() <= PLAIN_CHARS ? text : text.substring(0, PLAIN_CHARS - 1) + "…";
  }
}
