package cx.niro.server.memory;

import cx.niro.server.spi.Page;
import cx.niro.server.spi.RankedPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Pages over entries numbered in the order of their arrival; a cursor is a number. */
final class Pages {
  private Pages() {}

  static <T> Page<T> newestFirst(
      NavigableMap<Long, T> numbered, Predicate<T> wanted, Page.Request request) {
    NavigableMap<Long, T> rest = numbered.headMap(request.before(), false).descendingMap();
    List<T> items = new ArrayList<>();
    Long last = null;
    for (Map.Entry<Long, T> entry : rest.entrySet()) {
      if (!wanted.test(entry.getValue())) {
        continue;
      }
      if (items.size() == request.limit()) {
        return new Page<>(items, String.valueOf(last));
      }
      items.add(entry.getValue());
      last = entry.getKey();
    }
    return new Page<>(items, null);
  }

  static <T> Page<T> ranked(
      NavigableMap<Long, T> numbered,
      Predicate<T> wanted,
      BiFunction<Long, T, RankedPlace> placeOf,
      Page.Request request) {
    RankedPlace after = RankedPlace.parse(request.cursor());
    NavigableMap<RankedPlace, T> rest = new TreeMap<>();
    numbered.forEach(
        (number, entry) -> {
          if (wanted.test(entry)) {
            rest.put(placeOf.apply(number, entry), entry);
          }
        });
    NavigableMap<RankedPlace, T> left = rest.tailMap(after, false);
    List<T> items = new ArrayList<>();
    for (Map.Entry<RankedPlace, T> entry : left.entrySet()) {
      items.add(entry.getValue());
      if (items.size() == request.limit()) {
        boolean more = left.higherKey(entry.getKey()) != null;
        return new Page<>(items, more ? entry.getKey().text() : null);
      }
    }
    return new Page<>(items, null);
  }
}
