package cx.niro.server.spi;

import cx.niro.core.CommandId;
import cx.niro.core.DeploymentId;
import java.util.List;
import java.util.Optional;

/** What was applied of managed deployments, and how it went. */
public interface ApplyStore {
  /** Applies that are kept of each deployment. */
  int KEPT = 20;

  /**
   * Adds an apply, newer than all that are there. Only the newest {@value #KEPT} of the deployment
   * are kept, and of the manifests those of the revisions that they name.
   */
  void append(ApplyRow apply);

  /** Replaces status, reason, end and report of the row with this deployment and attempt. */
  void update(ApplyRow apply);

  /** Newest first. */
  List<ApplyRow> list(DeploymentId deployment);

  /** The apply that a command carries out. */
  Optional<ApplyRow> find(CommandId command);

  /**
   * Keeps the manifests of a revision, before the first apply that names it.
   *
   * @param manifests sealed under a key that no store knows
   */
  void putManifests(DeploymentId deployment, long revision, String manifests);

  Optional<String> manifests(DeploymentId deployment, long revision);
}
