package cx.niro.server.internal;

import cx.niro.core.ClusterStatus;
import cx.niro.core.Severity;
import cx.niro.server.Metric;
import cx.niro.server.Metric.Kind;
import cx.niro.server.Metric.Sample;
import cx.niro.server.ServerListener;
import cx.niro.server.spi.CommandRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The numbers of the fleet, from memory: clusters whose details were not read yet since the start
 * count as what is known of them.
 */
final class Figures implements ServerListener {
  private final LiveClusters clusters;
  private final Announcer announcer;
  private final Tally finished =
      new Tally("niro_commands_finished_total", "Commands that ended, by how they did.", "state");

  Figures(LiveClusters clusters, Announcer announcer) {
    this.clusters = clusters;
    this.announcer = announcer;
  }

  @Override
  public void commandFinished(CommandRow command) {
    finished.count(command.state().wireName());
  }

  List<Metric> read() {
    Map<ClusterStatus, Integer> statuses = new EnumMap<>(ClusterStatus.class);
    Map<Severity, Integer> firing = new EnumMap<>(Severity.class);
    Map<Severity, Integer> findings = new EnumMap<>(Severity.class);
    int parked = 0;
    for (LiveCluster live : clusters.all()) {
      ClusterState state = live.state();
      statuses.merge(clusters.verdict(live).status(), 1, Integer::sum);
      state.counting().forEach(row -> firing.merge(row.telling().severity(), 1, Integer::sum));
      state.policies().openFindings().forEach((key, n) -> findings.merge(key, n, Integer::sum));
      parked += live.parked == null ? 0 : 1;
    }
    List<Metric> all = new ArrayList<>();
    Named<Severity> bySeverity = new Named<>("severity", Severity.class, Severity::wireName);
    all.add(
        new Named<>("status", ClusterStatus.class, ClusterStatus::wireName)
            .gauge("niro_clusters", "Clusters.", statuses));
    String firingHelp = "Incidents that fire and that no other one explains.";
    all.add(bySeverity.gauge("niro_incidents_firing", firingHelp, firing));
    all.add(bySeverity.gauge("niro_findings_open", "Findings that are not exempt.", findings));
    all.add(Metric.of("niro_polls_parked", Kind.GAUGE, "Agents that wait for commands.", parked));
    all.add(finished.metric());
    all.add(counter("failures_total", "Exceptions that listeners threw.", announcer.failures()));
    String dropped = "Events that slow listeners were not told.";
    all.add(counter("events_dropped_total", dropped, announcer.dropped()));
    return all;
  }

  private static Metric counter(String name, String help, long value) {
    return Metric.of("niro_listener_" + name, Kind.COUNTER, help, (double) value);
  }

  /** A label with all its values: those that count nothing are there too. */
  private record Named<E extends Enum<E>>(
      String label, Class<E> type, Function<E, String> wireName) {
    Metric gauge(String name, String help, Map<E, Integer> counts) {
      List<Sample> samples =
          EnumSet.allOf(type).stream()
              .map(
                  one ->
                      new Sample(Map.of(label, wireName.apply(one)), counts.getOrDefault(one, 0)))
              .toList();
      return new Metric(name, Kind.GAUGE, help, samples);
    }
  }
}
