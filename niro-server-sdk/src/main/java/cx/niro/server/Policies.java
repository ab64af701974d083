package cx.niro.server;

import cx.niro.core.ClusterId;
import cx.niro.core.policy.Exemption;
import cx.niro.core.policy.PolicyProfile;
import cx.niro.server.spi.FindingFilter;
import cx.niro.server.spi.FindingRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.PolicySettings;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads findings, and says which policies a cluster is held to. All calls block and are safe from
 * any thread. A cluster that does not exist is {@link cx.niro.core.InvalidRequestException} with
 * code {@code not_found}.
 */
public interface Policies {
  /** How many exemptions, and how many profiles of namespaces, a cluster may have. */
  int MOST = 200;

  /** The longest reason of an exemption. */
  int REASON_CHARS = 500;

  /** Open ones first, the worst of them at the top, then by since, the newest first. */
  Page<FindingRow> findings(Set<ClusterId> clusters, FindingFilter filter, Page.Request page);

  PolicySettings settings(ClusterId cluster);

  /**
   * Replaces what was said before; findings follow at once, by what the cluster sent last. An
   * exemption that was there already keeps its author.
   *
   * @param actor who said it, for the timeline
   */
  PolicySettings update(ClusterId cluster, Said said, String actor);

  /**
   * What people say.
   *
   * @param profile of namespaces that have none of their own
   */
  record Said(
      PolicyProfile profile,
      Map<String, PolicyProfile> namespaceProfiles,
      List<Exemption> exemptions) {}
}
