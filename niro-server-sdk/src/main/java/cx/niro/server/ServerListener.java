package cx.niro.server;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentRow;

/**
 * Told what happens. Every method does nothing by default and is called on the server's executor,
 * after what it tells is durable, in order for one cluster. What a listener throws is logged and
 * counted, and changes nothing. Hand long work on: while a method runs it keeps one thread of the
 * executor and the later events of its cluster. Of those 1,000 wait at most; what comes then is not
 * told, which is logged and counted.
 *
 * <p>Of several servers over the same stores each tells its own listeners, within a second or two,
 * what came about at the others too, but for the end of commands.
 */
public interface ServerListener {
  /** The status is another one than it was told last. */
  default void statusChanged(ClusterId cluster, ClusterStatus from, ClusterStatus to) {}

  /** The agent reported another content; {@link Fleet#content} has it already. */
  default void contentChanged(ClusterId cluster) {}

  /** An incident opened; the row is as it was stored. */
  default void incidentOpened(IncidentRow incident) {}

  /** An incident ended; the row says when and why. */
  default void incidentResolved(IncidentRow incident) {}

  /** A command reached a final state, whoever ended it. */
  default void commandFinished(CommandRow command) {}

  /** A cluster was deleted, with all that was stored of it. */
  default void clusterDeleted(ClusterId cluster) {}
}
