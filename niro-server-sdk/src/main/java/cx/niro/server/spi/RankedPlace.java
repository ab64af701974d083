package cx.niro.server.spi;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.Severity;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A place in a list whose worst entries come first, then the newest: what the cursor of such a list
 * says. The natural order is the list's.
 *
 * @param rank the higher the earlier
 * @param since the later the earlier
 * @param number of insertion, unique in the list; the higher the earlier
 */
public record RankedPlace(int rank, Instant since, long number) implements Comparable<RankedPlace> {
  /** Before every entry. */
  public static final RankedPlace BEGINNING =
      new RankedPlace(Integer.MAX_VALUE, Instant.parse("9999-12-31T23:59:59Z"), Long.MAX_VALUE);

  private static final Comparator<RankedPlace> ORDER =
      Comparator.comparingInt(RankedPlace::rank)
          .thenComparing(RankedPlace::since)
          .thenComparingLong(RankedPlace::number)
          .reversed();

  /** The rank of something open of this severity: 1 to 4. */
  public static int rankOf(Severity severity) {
    return switch (severity) {
      case INFO -> 1;
      case LOW -> 2;
      case MEDIUM -> 3;
      case HIGH -> 4;
    };
  }

  /** Of a cursor that {@link #text} made; null is {@link #BEGINNING}. */
  public static RankedPlace parse(@Nullable String cursor) {
    if (cursor == null) {
      return BEGINNING;
    }
    try {
      String[] parts = cursor.split("/", 3);
      return new RankedPlace(
          Integer.parseInt(parts[0]), Instant.parse(parts[1]), Long.parseLong(parts[2]));
    } catch (NumberFormatException | DateTimeException | IndexOutOfBoundsException e) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_FIELD, "cursor: not one that this server made", e);
    }
  }

  public String text() {
    return rank + "/" + since + "/" + number;
  }

  @Override
  public int compareTo(RankedPlace other) {
    return ORDER.compare(this, other);
  }
}
