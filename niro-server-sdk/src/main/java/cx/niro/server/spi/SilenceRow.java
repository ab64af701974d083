package cx.niro.server.spi;

import cx.niro.core.OrganizationId;
import cx.niro.core.SilenceId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says which incidents bother nobody for a while; one that begins later is a maintenance window.
 * What it covers is still detected, shown and counted.
 *
 * @param organization whose clusters it can cover
 * @param scopePrefix of the incident's scope, by whole segments: {@code ns/shop} covers {@code
 *     ns/shop/Deployment/cart} and not {@code ns/shopping}; null for any
 * @param startsAt from then on, that instant included
 * @param endsAt until then, that instant excluded
 */
public record SilenceRow(
    SilenceId id,
    OrganizationId organization,
    ChannelSelector selector,
    @Nullable String scopePrefix,
    Instant startsAt,
    Instant endsAt,
    Origin origin) {

  /** Takes {@code ns/shop/} for {@code ns/shop}. */
  public SilenceRow {
    if (scopePrefix != null && scopePrefix.endsWith("/")) {
      scopePrefix = scopePrefix.substring(0, scopePrefix.length() - 1);
    }
  }

  /** Who made it, when and why. */
  public record Origin(String createdBy, Instant createdAt, String reason) {}

  /** How far it is. */
  public enum State {
    SCHEDULED,
    ACTIVE,
    EXPIRED;

    /** The name in the REST API, for example {@code active}. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public State state(Instant now) {
    if (!endsAt.isAfter(now)) {
      return State.EXPIRED;
    }
    return startsAt.isAfter(now) ? State.SCHEDULED : State.ACTIVE;
  }

  /** Whether the incident is one that it is about, at whatever time. */
  public boolean covers(ClusterRow cluster, IncidentRow.What incident) {
    return organization.equals(cluster.organization())
        && selector.matches(cluster, incident.type())
        && covers(incident.scope().value());
  }

  private boolean covers(String scope) {
    return scopePrefix == null || scope.equals(scopePrefix) || scope.startsWith(scopePrefix + "/");
  }

  /** The same, over at that instant. */
  public SilenceRow endedAt(Instant now) {
    Instant start = startsAt.isBefore(now) ? startsAt : now;
    return new SilenceRow(id, organization, selector, scopePrefix, start, now, origin);
  }
}
