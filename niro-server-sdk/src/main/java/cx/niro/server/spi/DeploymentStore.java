package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.DeploymentId;
import java.util.List;
import java.util.Optional;

/** Managed deployments, at most {@value #MOST} of a cluster. */
public interface DeploymentStore {
  int MOST = 200;

  /** Unique by (cluster, name): false, and nothing written, when the name is taken. */
  boolean insert(DeploymentRow deployment);

  Optional<DeploymentRow> find(ClusterId cluster, String name);

  /**
   * Writes {@code next} over {@code seen}, everything but origin, name and namespace: conditional
   * on the row still being as {@code seen} in what is wanted, how far it is, when it was compared
   * and when the server looked. False, and nothing written, when somebody was faster or it is gone.
   */
  boolean update(DeploymentRow seen, DeploymentRow next);

  /** Removes the deployment with its history and manifests. */
  boolean delete(DeploymentId id);

  /** All of a cluster, by name, without reports of drift. */
  List<DeploymentRow> list(ClusterId cluster);
}
