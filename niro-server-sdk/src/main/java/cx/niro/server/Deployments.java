package cx.niro.server;

import cx.niro.core.ClusterId;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.policy.Finding;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Managed deployments: named sets of manifests that a cluster's agent keeps applied. What is wanted
 * is durable together with the command that carries it out; the command's end decides the status.
 * All calls may block and are safe from any thread.
 *
 * <p>Values of Secrets are sealed before they are stored, and readers get hashes; a hash that is
 * given back stands for the value that is there.
 */
public interface Deployments {
  /** How long an apply may wait for its agent. */
  Duration DEADLINE = Duration.ofHours(1);

  /**
   * Makes a deployment and sends its first apply.
   *
   * @throws cx.niro.core.InvalidRequestException {@code name_taken}, or as {@link #put}
   */
  Sent create(ClusterId cluster, Spec spec, ApplyOptions options, String actor);

  /**
   * Makes or replaces a deployment and sends an apply. The revision rises only when an object
   * changed. An older apply that no agent has taken yet is cancelled.
   *
   * @throws cx.niro.core.InvalidRequestException {@code invalid_field}, {@code capability_missing},
   *     {@code too_many_commands}, {@code name_taken} while it is being deleted, or {@code
   *     not_found}
   */
  Sent put(ClusterId cluster, Spec spec, ApplyOptions options, String actor);

  /** Applies what is wanted once more, which also takes drift back. */
  Sent apply(ClusterId cluster, String name, ApplyOptions options, String actor);

  /** Makes a new revision with the manifests of one in the history, and applies it. */
  Sent rollback(ClusterId cluster, String name, long revision, ApplyOptions options, String actor);

  /** Asks the agent how the cluster differs; {@link DeploymentRow#drift} then has the answer. */
  CommandRow diff(ClusterId cluster, String name, String actor);

  /**
   * Asks the agent to remove what the deployment put into the cluster; the deployment goes when
   * that is done.
   *
   * @param removeData also Namespaces, CustomResourceDefinitions and volumes
   */
  CommandRow delete(ClusterId cluster, String name, boolean removeData, String actor);

  /** Forgets the deployment at once and leaves its objects in the cluster. */
  void forget(ClusterId cluster, String name, String actor);

  Optional<View> find(ClusterId cluster, String name);

  /** By name, without reports of drift. */
  List<DeploymentRow> list(ClusterId cluster);

  /** The newest 20 applies, newest first. */
  List<ApplyRow> history(ClusterId cluster, String name);

  /** The manifests of a revision in the history; Secrets with hashes. */
  Optional<ManifestSet> manifests(ClusterId cluster, String name, long revision);

  /**
   * What is wanted.
   *
   * @param namespace for objects that name none; it does not change
   * @param cedeTo field managers whose fields are left to them, in every apply
   */
  record Spec(String name, String namespace, ManifestSet manifests, List<String> cedeTo) {
    public Spec {
      cedeTo = List.copyOf(cedeTo);
    }
  }

  /**
   * What was stored and sent.
   *
   * @param view as it was then, whoever changed it since
   * @param findings what policies say of the manifests, the worst first; they block nothing
   */
  record Sent(View view, CommandRow command, List<Finding> findings) {
    public Sent {
      findings = List.copyOf(findings);
    }

    public DeploymentRow deployment() {
      return view.deployment();
    }
  }

  /**
   * A deployment in full.
   *
   * @param manifests what is wanted; Secrets with hashes
   * @param cedeTo see {@link Spec}
   * @param lastApply the newest apply with a report; null while there is none
   */
  record View(
      DeploymentRow deployment,
      ManifestSet manifests,
      List<String> cedeTo,
      @Nullable ApplyRow lastApply) {
    public View {
      cedeTo = List.copyOf(cedeTo);
    }
  }
}
