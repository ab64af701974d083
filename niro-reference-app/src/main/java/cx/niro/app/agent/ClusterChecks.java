package cx.niro.app.agent;

import cx.niro.agent.AgentOptions;
import cx.niro.agent.spi.InventorySource;
import cx.niro.agent.spi.Observation;
import cx.niro.agent.spi.StoredKeys;
import cx.niro.app.CommandException;
import cx.niro.app.cli.Check;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the agent may see of its cluster, found out by looking as it does. */
final class ClusterChecks {
  private ClusterChecks() {}

  static List<Check> all(Map<String, String> environment) {
    AgentOptions options;
    try {
      options = AgentCommand.options(environment);
    } catch (CommandException e) {
      String why = String.valueOf(e.getMessage()).replaceFirst("; niro doctor agent.*", "");
      return List.of(
          Check.failed(
              "cluster", why, "run it in the agent's pod, or set KUBECONFIG and NIRO_SERVER"));
    }
    List<Check> checks = new ArrayList<>();
    checks.add(key(options));
    checks.addAll(inventory(options.inventory()));
    return checks;
  }

  private static Check key(AgentOptions options) {
    try {
      Optional<StoredKeys> keys = options.keyStore().load();
      if (keys.isPresent() && keys.get().current() != null) {
        return Check.ok("key", "the Secret niro-agent holds the key of an enrolled cluster");
      }
      return options.token().isPresent()
          ? Check.ok("key", "not enrolled yet; there is a token to do it with")
          : Check.failed(
              "key", "neither a key nor a token", "make a token: niro enroll NAME --again");
    } catch (Exception e) {
      return Check.failed(
          "key",
          "the Secret niro-agent cannot be read: " + e.getMessage(),
          "apply /install/agent.yaml again: it grants get, update and patch of that Secret");
    }
  }

  private static List<Check> inventory(InventorySource source) {
    try (source) {
      Observation seen = source.collect();
      List<Check> checks = new ArrayList<>();
      checks.add(apiServer(seen.snapshot().info()));
      for (Section section : Section.values()) {
        if (section != Section.METRICS) {
          checks.add(grant(section, seen.snapshot().section(section)));
        }
      }
      checks.add(metrics(seen));
      return checks;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (Exception e) {
      return List.of(
          Check.failed(
              "cluster", "cannot be looked at: " + e.getMessage(), "is the API server reachable?"));
    }
  }

  private static Check apiServer(ClusterInfo info) {
    String version = info.kubernetesVersion();
    return version == null
        ? Check.failed("cluster", "the API server does not answer", "check the network policy")
        : Check.ok("cluster", version + ", granted: " + info.capabilities().names());
  }

  private static Check grant(Section section, SectionStatus status) {
    String name = "rbac";
    String detail = section.wireName() + ": " + reason(status);
    return switch (status.state()) {
      case COMPLETE -> Check.ok(name, section.wireName() + " can be listed");
      case OFF -> Check.skipped(name, detail);
      case PARTIAL -> Check.warning(name, detail, "nothing, if the cluster is very large");
      case ERROR ->
          Check.failed(name, detail, "apply /install/agent.yaml again: it holds the grants");
    };
  }

  private static String reason(SectionStatus status) {
    String reason = status.reason();
    return reason == null ? "off" : reason;
  }

  private static Check metrics(Observation seen) {
    SectionStatus status = seen.snapshot().section(Section.METRICS);
    int nodes = seen.usage().nodes().uids().size();
    return nodes > 0
        ? Check.ok("metrics", "use of " + nodes + " nodes is measured")
        : Check.warning(
            "metrics",
            "no figures from metrics.k8s.io: " + reason(status),
            "k3s brings metrics-server; elsewhere install it, or live without usage bars");
  }
}
