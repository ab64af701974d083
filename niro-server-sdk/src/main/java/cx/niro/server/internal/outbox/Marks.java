package cx.niro.server.internal.outbox;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.MarkRow;
import cx.niro.server.spi.StoreTx;
import java.time.Instant;

/**
 * Notes that a channel may have something to tell, in the transaction of what happened: one small
 * row, whatever the number of channels.
 */
public final class Marks {
  private Marks() {}

  /** The group that the incident is told with. */
  public static String groupOf(IncidentRow row) {
    String shared = row.attention().groupKey();
    return shared == null ? groupOf(row.cluster()) : shared;
  }

  private static String groupOf(ClusterId cluster) {
    return "cluster/" + cluster;
  }

  /** After an incident opened, got worse, was resolved or got another share of attention. */
  public static void mark(StoreTx tx, IncidentRow row, boolean urgent, Instant at) {
    tx.notifications().outbox().mark(new MarkRow(row.cluster(), groupOf(row), urgent, at));
  }

  /** After a cluster was deleted, so that what was told of it is ended. */
  public static void markGone(StoreTx tx, ClusterId cluster, Instant at) {
    tx.notifications().outbox().mark(new MarkRow(cluster, groupOf(cluster), false, at));
  }
}
