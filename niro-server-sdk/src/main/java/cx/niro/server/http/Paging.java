package cx.niro.server.http;

import cx.niro.server.internal.rest.ListJson;
import cx.niro.server.spi.Page;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts pages out of lists: of those in memory by their sort key, of those in a store by its cursor.
 */
final class Paging {
  private Paging() {}

  /**
   * A page of what is in memory.
   *
   * @param sorted in the order of {@code key}, which no two entries share
   * @param shown makes the entry of the answer, for those of this page only
   */
  static <T> ListJson page(
      String list,
      Call call,
      Stream<T> sorted,
      Function<T, String> key,
      Function<T, Object> shown) {
    int limit = call.limit();
    String after = call.position(list);
    Iterator<T> rest =
        sorted.filter(entry -> after == null || key.apply(entry).compareTo(after) > 0).iterator();
    List<Object> items = new ArrayList<>();
    @Nullable String last = null;
    while (rest.hasNext() && items.size() < limit) {
      T entry = rest.next();
      last = key.apply(entry);
      items.add(shown.apply(entry));
    }
    return new ListJson(items, Cursor.seal(list, rest.hasNext() ? last : null));
  }

  /** What to ask a store for. */
  static Page.Request request(String list, Call call) {
    return new Page.Request(call.position(list), call.limit());
  }

  /** A store's page as the answer to {@link #request}. */
  static <T> ListJson page(String list, Page<T> page, Function<T, Object> shown) {
    List<Object> items = page.items().stream().map(shown).toList();
    return new ListJson(items, Cursor.seal(list, page.nextCursor()));
  }

  /** A sort key of several parts; the separator sorts before every character of a name. */
  static String key(String... parts) {
    return String.join("\u0001", parts);
  }
}
