package cx.niro.server;

import cx.niro.core.OrganizationId;
import cx.niro.core.SilenceId;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.SilenceRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Silences, which keep incidents from bothering anybody for a while, and maintenance windows, which
 * are silences that begin later. Notifications are held back; the incidents are detected, shown and
 * counted all the same. All calls block and are safe from any thread.
 */
public interface Silences {
  /** How long one may last. */
  Duration LONGEST = Duration.ofDays(30);

  /** How far ahead one may begin. */
  Duration FARTHEST = Duration.ofDays(365);

  /** How long one is shown after its end. */
  Duration KEPT = Duration.ofDays(30);

  /** How many of an organization may be active or scheduled. */
  int MOST = 500;

  /** The longest reason. */
  int REASON_CHARS = 500;

  /**
   * A new silence of an organization's clusters, for the timelines of the clusters that it covers
   * too, at most 1000.
   */
  View add(OrganizationId organization, Spec spec, String actor);

  /** Newest first; {@code state} null for every one. */
  Page<View> list(
      Set<OrganizationId> organizations, SilenceRow.@Nullable State state, Page.Request page);

  Optional<View> find(SilenceId id);

  /** Ends it now; nothing happens when it is over. */
  View end(SilenceId id, String actor);

  /**
   * What to silence, and when.
   *
   * @param selector it or {@code scopePrefix} must say something
   * @param scopePrefix of the incidents' scope, by whole segments; null for any
   * @param reason for people
   */
  record Spec(
      ChannelSelector selector, @Nullable String scopePrefix, Period period, String reason) {}

  /**
   * From when until when; either the end or the length is given.
   *
   * @param startsAt null for now
   */
  record Period(@Nullable Instant startsAt, @Nullable Instant endsAt, @Nullable Duration length) {}

  /** A silence and how far it is. */
  record View(SilenceRow silence, SilenceRow.State state) {}
}
