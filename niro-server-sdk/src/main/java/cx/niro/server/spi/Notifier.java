package cx.niro.server.spi;

import java.util.Map;

/**
 * Sends messages to one kind of target. Give your own to {@code NiroServer.Builder.notifier}; those
 * for webhook, Slack, Discord, PagerDuty and Alertmanager are there.
 *
 * <p>Called on a thread for blocking work, many channels at once but one message at a time for each
 * channel. A message may come again with the same {@link Notice#id} when its outcome was lost.
 */
@FunctionalInterface
public interface Notifier {
  /**
   * Sends and says what came of it; blocks, and should not for longer than 10 seconds. An exception
   * is logged and counts as {@link Outcome#retry}.
   *
   * @param settings of the channel, as they were given; secrets, so neither log nor repeat them
   */
  Outcome send(Notice notice, Map<String, String> settings);

  /**
   * Checks settings before they are kept; takes all by default.
   *
   * @throws IllegalArgumentException names the wrong setting and what it must be, without its value
   */
  default void check(Map<String, String> settings) {}
}
