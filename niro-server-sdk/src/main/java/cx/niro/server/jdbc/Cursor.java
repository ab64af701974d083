package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.RankedPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/**
 * Pages through rows by their insertion number, newest first, so that arriving rows shift nothing.
 */
final class Cursor {
  /** For more clusters than these, rows are {@link #sifted}. */
  private static final int FEW_CLUSTERS = 100;

  private static final int MOST_AT_ONCE = 4000;

  private Cursor() {}

  /** A row with its number. */
  record Numbered<T>(long seq, T row) {}

  /** Reads at most {@code limit} rows older than {@code before}. */
  @FunctionalInterface
  interface NumberedQuery<T> {
    List<Numbered<T>> read(long before, int limit);
  }

  static <T> Page<T> page(Page.Request request, NumberedQuery<T> query) {
    int limit = Math.max(1, Math.min(request.limit(), Page.MAX_LIMIT));
    List<Numbered<T>> rows = query.read(request.before(), limit + 1);
    boolean more = rows.size() > limit;
    List<Numbered<T>> kept = more ? rows.subList(0, limit) : rows;
    String next = more ? Long.toString(kept.get(limit - 1).seq()) : null;
    return new Page<>(kept.stream().map(Numbered::row).toList(), next);
  }

  /** Reads at most {@code limit} rows that come after a place. */
  @FunctionalInterface
  interface RankedQuery<T> {
    List<Numbered<T>> read(RankedPlace after, int limit);
  }

  /** The same for a list by rank. */
  static <T> Page<T> ranked(
      Page.Request request, RankedQuery<T> query, Function<Numbered<T>, RankedPlace> placeOf) {
    int limit = Math.max(1, Math.min(request.limit(), Page.MAX_LIMIT));
    List<Numbered<T>> rows = query.read(RankedPlace.parse(request.cursor()), limit + 1);
    boolean more = rows.size() > limit;
    List<Numbered<T>> kept = more ? rows.subList(0, limit) : rows;
    String next = more ? placeOf.apply(kept.get(limit - 1)).text() : null;
    return new Page<>(kept.stream().map(Numbered::row).toList(), next);
  }

  /** Rows of clusters that have a rank. */
  record Ranked<T>(
      Class<T> type,
      Function<Numbered<T>, RankedPlace> placeOf,
      Function<T, ClusterId> clusterOf) {}

  /**
   * A list by rank of these clusters' rows.
   *
   * @param list the rows of few clusters, or of all where it is given none
   */
  static <T> Page<T> ofClusters(
      Set<ClusterId> clusters,
      Page.Request page,
      Ranked<T> rows,
      Function<Set<ClusterId>, Query> list) {
    if (clusters.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    boolean few = clusters.size() <= FEW_CLUSTERS;
    RankedQuery<T> query =
        (after, limit) ->
            list.apply(few ? clusters : Set.of())
                .bindMethods(after)
                .bind("limit", limit)
                .map(numbered(rows.type()))
                .list();
    Predicate<T> wanted = row -> clusters.contains(rows.clusterOf().apply(row));
    return ranked(page, few ? query : sifted(query, rows.placeOf(), wanted), rows.placeOf());
  }

  /**
   * The same rows as {@code query}, which knows nothing of clusters, without those that are not
   * {@code wanted}. A condition on thousands of clusters costs a database more than to walk through
   * its index; pieces become larger the fewer rows are wanted.
   */
  private static <T> RankedQuery<T> sifted(
      RankedQuery<T> query, Function<Numbered<T>, RankedPlace> placeOf, Predicate<T> wanted) {
    return (after, limit) -> {
      List<Numbered<T>> kept = new ArrayList<>();
      RankedPlace place = after;
      int piece = limit;
      boolean more = true;
      while (more && kept.size() < limit) {
        List<Numbered<T>> read = query.read(place, piece);
        read.stream().filter(found -> wanted.test(found.row())).forEach(kept::add);
        more = read.size() == piece;
        place = more ? placeOf.apply(read.get(piece - 1)) : place;
        piece = Math.min(2 * piece, MOST_AT_ONCE);
      }
      return kept.subList(0, Math.min(limit, kept.size()));
    };
  }

  /** Maps a row together with its number. */
  static <T> RowMapper<Numbered<T>> numbered(Class<T> type) {
    return (rs, context) -> {
      RowMapper<T> mapper = context.findRowMapperFor(type).orElseThrow();
      return new Numbered<>(rs.getLong("seq"), mapper.map(rs, context));
    };
  }
}
