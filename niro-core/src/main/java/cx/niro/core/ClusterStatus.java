package cx.niro.core;

import java.util.Locale;

/** The one word that a fleet screen shows for a cluster; {@link StatusVerdict} computes it. */
public enum ClusterStatus {
  /** Made, never enrolled. */
  PENDING,
  /** Beats arrive and no incident is open. */
  HEALTHY,
  /** The worst open incident is low or medium. */
  WARNING,
  /** A high incident is open. */
  CRITICAL,
  /** No accepted beat for the unknown window, 65 s by default, or the agent said goodbye. */
  UNKNOWN,
  /** Silent so long that {@code cluster_offline} is open. */
  OFFLINE;

  /** The name on the wire and in the REST API, for example {@code healthy}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
