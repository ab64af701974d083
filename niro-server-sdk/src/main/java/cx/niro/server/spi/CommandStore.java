package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commands; every look-up names the cluster, so that no agent reaches another's. */
public interface CommandStore {
  /**
   * Unique by (cluster, idempotency key): false, and nothing written, when the key is there
   * already.
   */
  boolean insert(CommandRow command);

  /** The only look-up that reads the payload's text, which is there while the command is open. */
  Optional<CommandRow> find(ClusterId cluster, CommandId id);

  Optional<CommandRow> findByIdempotencyKey(ClusterId cluster, String idempotencyKey);

  /** Commands that are not final, oldest first; at most 100 exist. Asked for with each poll. */
  List<CommandRow> open(ClusterId cluster);

  /**
   * Writes {@code next} over {@code seen}: conditional on state, attempt and cancelRequested still
   * being as in {@code seen}. The request stays as it was inserted; the text of its payload is
   * erased when the row becomes final.
   */
  boolean update(CommandRow seen, CommandRow next);

  /** Newest first; of one kind, or of all when {@code kind} is null. */
  Page<CommandRow> list(ClusterId cluster, @Nullable String kind, Page.Request page);

  /**
   * Clusters with an open command that is due: its deadline ended before {@code now} and, unless it
   * is pending, so did its lease.
   */
  List<ClusterId> clustersWithDue(Instant now, int limit);
}
