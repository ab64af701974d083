package cx.niro.server;

import cx.niro.core.ChannelId;
import cx.niro.core.DeliveryId;
import cx.niro.core.OrganizationId;
import cx.niro.core.Severity;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.Outcome;
import cx.niro.server.spi.Page;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where incidents are told. All calls block; what does not exist or is not allowed ends in {@link
 * cx.niro.core.InvalidRequestException}.
 */
public interface Channels {
  /** All of an organization, by name. */
  List<ChannelView> list(OrganizationId organization);

  Optional<ChannelView> find(ChannelId id);

  /** Makes one that is enabled; an organization has at most 100. */
  ChannelView create(OrganizationId organization, ChannelSpec spec, String actor);

  ChannelView update(ChannelId id, ChannelChange change, String actor);

  /** Deletes it with everything that it was told or is to be told; no end is sent. */
  void delete(ChannelId id, String actor);

  /**
   * Sends a test message at once, also when the channel is disabled; not while another message to
   * it is on its way.
   */
  Outcome test(ChannelId id);

  /** What was and is to be sent, newest first; {@code state} null for all. */
  Page<DeliveryRow> deliveries(ChannelId id, DeliveryRow.@Nullable State state, Page.Request page);

  /** Makes a dead delivery pending again, for another 24 hours; others stay as they are. */
  DeliveryRow retry(ChannelId channel, DeliveryId id);

  /** What came of all attempts since the server was made. */
  Counts counts();

  /**
   * A channel to be made.
   *
   * @param settings what its kind needs, for example {@code url}; sealed, and never shown again
   */
  record ChannelSpec(
      String name,
      String kind,
      Map<String, String> settings,
      Severity minimumSeverity,
      ChannelSelector selector) {}

  /**
   * What to change; null leaves as it is.
   *
   * @param settings all of them: those not given are forgotten
   */
  record ChannelChange(
      @Nullable String name,
      @Nullable Map<String, String> settings,
      @Nullable Severity minimumSeverity,
      @Nullable ChannelSelector selector,
      @Nullable Boolean enabled) {}

  /**
   * A channel as it may be shown.
   *
   * @param settings the names of its settings; empty when they cannot be opened with this server's
   *     keys
   * @param target the host that messages go to; null when the settings name none
   */
  record ChannelView(ChannelRow channel, Set<String> settings, @Nullable String target) {}

  /**
   * Attempts.
   *
   * @param failed of which each delivery may have several
   * @param dead deliveries that were given up
   */
  record Counts(long sent, long failed, long dead) {}
}
