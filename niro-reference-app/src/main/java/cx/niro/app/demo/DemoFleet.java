package cx.niro.app.demo;

import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.agent.testkit.VirtualTrouble;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.server.Clusters;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The twelve clusters of the demonstration, of different sizes, and what is wrong with them. */
final class DemoFleet {
  static final long SEED = 2026;
  private static final double QUIET = 0.02;
  private static final double BUSY = 0.25;
  private static final Duration LONG_AGO = Duration.ofMinutes(-25);
  private static final Duration SOON = Duration.ofSeconds(20);

  /**
   * One of them.
   *
   * @param enrolls false for the one that stays pending
   */
  record Member(
      String name,
      Environment environment,
      String site,
      VirtualClusterSpec spec,
      boolean enrolls) {}

  static final List<Member> MEMBERS =
      List.of(
          production("edge-hamburg-01", "hamburg", quiet(1, 14)),
          production(
              "edge-rotterdam-02", "rotterdam", quiet(1, 11).with(VirtualTrouble.silence(SOON))),
          production("factory-brno", "brno", busy(5, 120)),
          production("store-ghent-012", "ghent", quiet(1, 9)),
          production("store-porto-007", "porto", quiet(1, 9)),
          production(
              "warehouse-gdansk",
              "gdansk",
              quiet(3, 48).with(VirtualTrouble.nodeNotReady(LONG_AGO))),
          production("warehouse-lyon", "lyon", quiet(3, 62)),
          member(
              "staging-eu-1",
              Environment.STAGING,
              "frankfurt",
              busy(3, 75).with(VirtualTrouble.crashLoop(LONG_AGO, 2))),
          member("staging-us-1", Environment.STAGING, "virginia", busy(3, 70)),
          member("lab-k3s", Environment.DEV, "lab", busy(1, 24)),
          member("dev-sandbox", Environment.DEV, "lab", busy(2, 30)),
          new Member("vessel-aurora", Environment.PRODUCTION, "at-sea", quiet(1, 6), false));

  private DemoFleet() {}

  /** Makes the clusters and starts an agent for each that enrolls. */
  static VirtualFleet start(URI server, Clusters clusters, OrganizationId organization) {
    VirtualFleet fleet =
        VirtualFleet.builder(server.toString())
            .seed(SEED)
            .options(options -> options.proxy(null).http2PriorKnowledge(true))
            .build();
    for (Member member : MEMBERS) {
      Clusters.ClusterSpec spec =
          new Clusters.ClusterSpec(
              member.name(), member.environment(), Map.of("site", member.site()));
      String token = clusters.create(organization, spec, "demo").enrollment().token();
      if (member.enrolls()) {
        fleet.add(member.spec(), token);
      }
    }
    return fleet;
  }

  private static Member production(String name, String site, VirtualClusterSpec spec) {
    return member(name, Environment.PRODUCTION, site, spec);
  }

  private static Member member(
      String name, Environment environment, String site, VirtualClusterSpec spec) {
    return new Member(name, environment, site, spec, true);
  }

  private static VirtualClusterSpec quiet(int nodes, int pods) {
    return VirtualClusterSpec.of(nodes, pods).withChurn(QUIET);
  }

  private static VirtualClusterSpec busy(int nodes, int pods) {
    return VirtualClusterSpec.of(nodes, pods).withChurn(BUSY);
  }
}
