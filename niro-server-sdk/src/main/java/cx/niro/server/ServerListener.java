package cx.niro.server;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentRow;

/**
 * Told what happens. Every method does nothing by default and is called on the server's executor,
 * after what it tells is durable, in order for one cluster. What a listener throws is logged and
 * counted, and changes nothing.
 */
public interface ServerListener {
  default void statusChanged(ClusterId cluster, ClusterStatus from, ClusterStatus to) {}

  default void contentChanged(ClusterId cluster) {}

  default void incidentOpened(IncidentRow incident) {}

  default void incidentResolved(IncidentRow incident) {}

  default void commandFinished(CommandRow command) {}

  default void clusterDeleted(ClusterId cluster) {}
}
