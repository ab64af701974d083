package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An incident.
 *
 * @param resolved null while it is open
 * @param attention what people and other incidents have to do with it
 */
public record IncidentRow(
    IncidentId id,
    ClusterId cluster,
    What what,
    Telling telling,
    Began began,
    @Nullable Resolved resolved,
    Attention attention) {

  /** What is wrong, and with what; never changes. */
  public record What(Fingerprint fingerprint, IncidentType type, Scope scope) {}

  /** How bad it is, in words and with what was seen; follows the cluster while it is open. */
  public record Telling(Severity severity, String summary, Map<String, List<String>> evidence) {
    public Telling {
      evidence = Map.copyOf(evidence);
    }
  }

  /**
   * Its beginning.
   *
   * @param since when the condition began, which may be earlier than {@code openedAt}
   */
  public record Began(Instant since, Instant openedAt) {}

  /**
   * Its end, and why it came: {@code cleared}, {@code object_deleted}, {@code expired} or words.
   */
  public record Resolved(Instant at, String reason) {}

  /**
   * Who said that he takes care of it.
   *
   * @param note in his words
   */
  public record Acknowledged(String by, Instant at, @Nullable String note) {}

  /**
   * Who takes care of it, and whether it should bother anybody.
   *
   * @param acknowledged null while nobody did
   * @param suppressedBy the open incident of the same cluster that explains this one; null for none
   * @param flappingSince since when it comes and goes too often to be told each time; null for no
   * @param groupKey what is told as one message with others that have the same key; null for alone
   */
  public record Attention(
      @Nullable Acknowledged acknowledged,
      @Nullable Fingerprint suppressedBy,
      @Nullable Instant flappingSince,
      @Nullable String groupKey) {
    public static final Attention NONE = new Attention(null, null, null, null);

    /** The same, suppressed and flapping or not; what flaps already goes on flapping since then. */
    public Attention muted(@Nullable Fingerprint by, @Nullable Instant flapping) {
      Instant since = flapping == null || flappingSince == null ? flapping : flappingSince;
      return new Attention(acknowledged, by, since, groupKey);
    }

    /** The same, acknowledged or, with null, not any more. */
    public Attention with(@Nullable Acknowledged by) {
      return new Attention(by, suppressedBy, flappingSince, groupKey);
    }

    public boolean isSuppressed() {
      return suppressedBy != null;
    }
  }

  public boolean isOpen() {
    return resolved == null;
  }

  /** How early it is listed: open ones by severity, then resolved ones. */
  public int rank() {
    return isOpen() ? RankedPlace.rankOf(telling.severity()) : 0;
  }

  /** The same in other words. */
  public IncidentRow with(Telling next) {
    return new IncidentRow(id, cluster, what, next, began, resolved, attention);
  }

  /** The same with its end. */
  public IncidentRow with(Resolved end) {
    return new IncidentRow(id, cluster, what, telling, began, end, attention);
  }

  /** The same with another share of attention. */
  public IncidentRow with(Attention next) {
    return new IncidentRow(id, cluster, what, telling, began, resolved, next);
  }
}
