package cx.niro.app.check;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.NiroException;
import cx.niro.core.OrganizationId;
import cx.niro.core.incident.rules.Thresholds;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.testkit.ManualTime;
import cx.niro.server.AgentCaller;
import cx.niro.server.Clusters;
import cx.niro.server.NiroServer;
import cx.niro.server.ServerOptions;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A whole server in memory whose time is that of a recording, so that a replay judges exactly as a
 * server did: order, repeats, silence and all.
 */
final class ReplayServer implements AutoCloseable {
  private static final Duration BEFORE = Duration.ofSeconds(1);

  private final ManualTime time;
  private final NiroServer niro;
  private final ClusterId cluster;
  private final AgentCaller caller;
  private int refused;

  ReplayServer(Instant first, Environment environment, Thresholds thresholds) {
    time = ManualTime.startingAt(first.minus(BEFORE));
    niro =
        NiroServer.builder(MemoryStores.create())
            .clock(time)
            .nanos(time.nanos())
            .executor(time.newExecutor())
            .scheduler(time.newExecutor())
            .options(ServerOptions.builder().thresholds(thresholds).build())
            .build();
    niro.start();
    Clusters.ClusterSpec spec = new Clusters.ClusterSpec("recording", environment, Map.of());
    Clusters.NewCluster made =
        niro.clusters().create(new OrganizationId("default"), spec, "replay");
    cluster = made.id();
    EnrollRequest request =
        new EnrollRequest(
            made.enrollment().token(),
            "replay-0123456789abcdef",
            null,
            null,
            null,
            null,
            List.of(1),
            List.of());
    caller = niro.gateway().authenticate(niro.gateway().enroll(request).agentKey());
  }

  /** Lets time pass until then and takes the beat; one that a server refuses is counted. */
  void take(Recording.Beat beat) {
    time.advance(Duration.between(time.instant(), beat.receivedAt()));
    try {
      niro.gateway().heartbeat(caller, beat.heartbeat());
    } catch (NiroException e) {
      refused++;
    }
    time.runDue();
  }

  /** How many beats were repeats, superseded or too many. */
  int refused() {
    return refused;
  }

  /** All that ever opened, in that order. */
  List<IncidentRow> incidents() {
    List<IncidentRow> all = new ArrayList<>();
    Page.Request request = new Page.Request(null, Page.MAX_LIMIT);
    Page<IncidentRow> page = niro.incidents().list(Set.of(cluster), IncidentFilter.ALL, request);
    all.addAll(page.items());
    while (page.nextCursor() != null) {
      request = new Page.Request(page.nextCursor(), Page.MAX_LIMIT);
      page = niro.incidents().list(Set.of(cluster), IncidentFilter.ALL, request);
      all.addAll(page.items());
    }
    all.sort(
        Comparator.comparing((IncidentRow row) -> row.began().openedAt())
            .thenComparing(row -> row.what().type().name())
            .thenComparing(row -> row.what().scope().value()));
    return all;
  }

  @Override
  public void close() {
    niro.close();
  }
}
