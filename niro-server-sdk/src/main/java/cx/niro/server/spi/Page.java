package cx.niro.server.spi;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list in a stable order.
 *
 * @param nextCursor hand it in to get what follows; null at the end
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {
  public static final int DEFAULT_LIMIT = 100;
  public static final int MAX_LIMIT = 1000;

  public Page {
    items = List.copyOf(items);
  }

  /**
   * Which part is wanted.
   *
   * @param cursor null for the beginning; opaque, and stable while entries arrive
   * @param limit 1 to {@link #MAX_LIMIT}
   */
  public record Request(@Nullable String cursor, int limit) {
    public static final Request FIRST = new Request(null, DEFAULT_LIMIT);

    /**
     * The cursor of a list that goes by falling numbers: what follows is below it.
     *
     * @throws InvalidRequestException {@code invalid_field} when it is no number
     */
    public long before() {
      try {
        return cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor);
      } catch (NumberFormatException e) {
        throw new InvalidRequestException(
            ErrorCode.INVALID_FIELD, "cursor: not one that this server made", e);
      }
    }
  }
}
