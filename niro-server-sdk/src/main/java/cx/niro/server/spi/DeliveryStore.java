package cx.niro.server.spi;

import cx.niro.core.ChannelId;
import cx.niro.core.DeliveryId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages on their way, in the order of their arrival for each channel. */
public interface DeliveryStore {
  /** Nothing when the channel is gone. */
  void append(DeliveryRow delivery);

  /**
   * The oldest pending delivery of each channel, by {@link DeliveryRow.Progress#nextAt}, those of
   * the future too.
   */
  List<DeliveryRow> heads(int limit);

  Optional<DeliveryRow> find(DeliveryId id);

  /** Replaces progress and {@code giveUpAt} of the row with this id. */
  void update(DeliveryRow delivery);

  /**
   * Moves {@code nextAt} of a pending row: conditional on attempts and {@code nextAt} still being
   * as in {@code seen}. Whoever gets it may send it until then.
   */
  boolean claim(DeliveryRow seen, Instant nextAt);

  /** Newest first; {@code state} null for all. */
  Page<DeliveryRow> list(ChannelId channel, DeliveryRow.@Nullable State state, Page.Request page);

  /** Deletes at most {@code limit} that finished before {@code before} and says how many. */
  int deleteFinishedBefore(Instant before, int limit);
}
