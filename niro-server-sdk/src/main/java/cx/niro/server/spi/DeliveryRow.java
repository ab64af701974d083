package cx.niro.server.spi;

import cx.niro.core.ChannelId;
import cx.niro.core.DeliveryId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One message to one channel.
 *
 * @param title one line for people
 * @param notice a text of the server's: the message
 * @param giveUpAt when it is dead at the latest
 */
public record DeliveryRow(
    DeliveryId id,
    ChannelId channel,
    String groupKey,
    String title,
    String notice,
    Instant createdAt,
    Instant giveUpAt,
    Progress progress) {

  /** How far it has come. */
  public enum State {
    PENDING,
    SENT,
    DEAD;

    /** The name in the REST API, for example {@code dead}. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The state of its delivery.
   *
   * @param attempts so many ended
   * @param nextAt not before this; of no meaning once it is finished
   * @param finishedAt null while pending
   * @param lastError of the last attempt that failed
   */
  public record Progress(
      State state,
      int attempts,
      Instant nextAt,
      @Nullable Instant finishedAt,
      @Nullable String lastError) {

    /** The same with another {@code nextAt}. */
    public Progress notBefore(Instant then) {
      return new Progress(state, attempts, then, finishedAt, lastError);
    }
  }

  /** The same with more time. */
  public DeliveryRow until(Instant later) {
    return new DeliveryRow(id, channel, groupKey, title, notice, createdAt, later, progress);
  }

  /** The same, further on. */
  public DeliveryRow with(Progress next) {
    return new DeliveryRow(id, channel, groupKey, title, notice, createdAt, giveUpAt, next);
  }
}
