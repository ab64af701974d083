package cx.niro.app.cli;

import cx.niro.app.SystemTime;
import java.util.List;
import java.util.Locale;

/** What {@code niro get} can show: its address and its columns. */
enum Resource {
  CLUSTERS(
      "",
      List.of(
          Column.of("NAME", "name"),
          Column.of("STATUS", "status"),
          Column.of("ENVIRONMENT", "environment"),
          Column.of("VERSION", "kubernetesVersion"),
          Column.of("NODES", "nodes"),
          Column.of("PODS", "pods"),
          Column.of("INCIDENTS", "openIncidents"),
          Column.age("LAST-BEAT", "lastHeartbeatAt", SystemTime.CLOCK),
          Column.wide("ID", "id"),
          Column.wide("AGENT", "agentVersion"),
          Column.wide("REASON", "statusReason"))),
  NODES(
      "nodes",
      List.of(
          Column.of("CLUSTER", "cluster.name"),
          Column.of("NAME", "name"),
          Column.of("STATUS", "status"),
          new Column("ROLES", false, row -> dashed(row.texts("roles"))),
          Column.age("AGE", "createdAt", SystemTime.CLOCK),
          Column.of("VERSION", "kubeletVersion"),
          new Column("CPU", false, row -> share(row, "cpuMillis")),
          new Column("MEMORY", false, row -> share(row, "memoryBytes")),
          Column.wide("OS", "osImage"),
          Column.wide("ARCH", "architecture"))),
  PODS(
      "pods",
      List.of(
          Column.of("CLUSTER", "cluster.name"),
          Column.of("NAMESPACE", "namespace"),
          Column.of("NAME", "name"),
          Column.of("READY", "ready"),
          Column.of("STATUS", "status"),
          Column.of("RESTARTS", "restarts"),
          Column.age("AGE", "createdAt", SystemTime.CLOCK),
          Column.wide("NODE", "node"),
          Column.wide("OWNER", "owner.name"),
          new Column("IMAGES", true, row -> dashed(row.texts("images"))))),
  DEPLOYMENTS(
      "deployments",
      List.of(
          Column.of("CLUSTER", "cluster.name"),
          Column.of("NAME", "name"),
          Column.of("NAMESPACE", "namespace"),
          Column.of("REVISION", "revision"),
          Column.of("STATUS", "applyStatus"),
          Column.of("DRIFT", "drift.state"),
          Column.age("LAST-SYNC", "lastSyncAt", SystemTime.CLOCK),
          Column.wide("REASON", "reason"))),
  FINDINGS(
      "findings",
      List.of(
          Column.of("SEVERITY", "severity"),
          Column.of("CLUSTER", "cluster.name"),
          Column.of("RULE", "rule"),
          Column.of("SCOPE", "scope"),
          Column.age("AGE", "since", SystemTime.CLOCK),
          Column.of("MESSAGE", "message"),
          Column.wide("FIX", "fix"),
          Column.wide("EXEMPTION", "exemption"))),
  INCIDENTS(
      "incidents",
      List.of(
          Column.of("SEVERITY", "severity"),
          Column.of("STATE", "state"),
          Column.of("CLUSTER", "cluster.name"),
          Column.of("TYPE", "type"),
          Column.age("AGE", "openedAt", SystemTime.CLOCK),
          Column.of("SUMMARY", "summary"),
          Column.wide("SCOPE", "scope"),
          Column.wide("RESOLUTION", "resolution"),
          Column.wide("ID", "id"))),
  SILENCES(
      "silences",
      List.of(
          Column.of("STATE", "state"),
          Column.of("STARTS", "startsAt"),
          Column.of("ENDS", "endsAt"),
          Column.of("REASON", "reason"),
          Column.of("BY", "createdBy"),
          Column.wide("ID", "id"))),
  CHANNELS(
      "channels",
      List.of(
          Column.of("NAME", "name"),
          Column.of("KIND", "kind"),
          Column.of("ENABLED", "enabled"),
          Column.of("SEVERITY", "minimumSeverity"),
          Column.of("TARGET", "target"),
          Column.age("AGE", "createdAt", SystemTime.CLOCK),
          Column.wide("ID", "id")));

  private final String segment;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Column> columns;

  Resource(String segment, List<Column> columns) {
    this.segment = segment;
    this.columns = columns;
  }

  /** The list's path, of one cluster or of all. */
  String path(String clusterId) {
    if (this == CLUSTERS) {
      return "/api/v1/clusters";
    }
    return clusterId.isEmpty() || this == CHANNELS || this == SILENCES
        ? "/api/v1/" + segment
        : "/api/v1/clusters/" + RestClient.encode(clusterId) + "/" + segment;
  }

  /** Whether there is one list over all clusters. */
  boolean isFleetWide() {
    return this != NODES && this != DEPLOYMENTS;
  }

  /** Whether each row belongs to a namespace. */
  boolean hasNamespaces() {
    return this == PODS || this == FINDINGS;
  }

  List<Column> columns(boolean wide) {
    return columns.stream().filter(column -> wide || !column.wide()).toList();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String dashed(List<String> texts) {
    return texts.isEmpty() ? "-" : String.join(",", texts);
  }

  private static String share(Document node, String amount) {
    return node.number("usage." + amount)
        .flatMap(
            used ->
                node.number("allocatable." + amount)
                    .filter(all -> all > 0)
                    .map(all -> Math.round(100.0 * used / all) + "%"))
        .orElse("-");
  }
}
