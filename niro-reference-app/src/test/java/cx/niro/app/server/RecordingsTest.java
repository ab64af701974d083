package cx.niro.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.Main;
import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import cx.niro.core.testkit.ManualTime;
import cx.niro.server.Clusters;
import cx.niro.server.NiroServer;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.testkit.FakeAgent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsTest {
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  @TempDir Path folder;
  private final ManualTime time = ManualTime.create();
  private final Set<ClusterId> recorded = new HashSet<>();

  @Test
  void what_a_server_recorded_opens_the_same_incident_again() throws Exception {
    NiroServer niro =
        NiroServer.builder(MemoryStores.create())
            .clock(time)
            .nanos(time.nanos())
            .executor(time.newExecutor())
            .scheduler(time.newExecutor())
            .recorder(
                (cluster, at, beat) ->
                    new Recordings(folder.resolve("recordings"), recorded)
                        .record(cluster, at, beat))
            .build();
    niro.start();
    Clusters.NewCluster edge = create(niro, "edge");
    Clusters.NewCluster other = create(niro, "other");
    recorded.add(edge.id());
    FakeAgent agent = new FakeAgent(niro.gateway(), time).enroll(edge.enrollment().token());
    FakeAgent silent = new FakeAgent(niro.gateway(), time).enroll(other.enrollment().token());
    beats(agent, ClusterSnapshot.ofNodes(Node.of("u1", "n1", true)), 10);
    silent.beat();
    beats(agent, ClusterSnapshot.ofNodes(Node.of("u1", "n1", false)), 20);
    niro.close();

    Path file = folder.resolve("recordings").resolve(edge.id().value() + ".jsonl");
    assertThat(Files.readAllLines(file)).hasSize(30);
    assertThat(Files.list(file.getParent())).hasSize(1);
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    StringWriter out = new StringWriter();
    int exit = Main.commandLine().setOut(new PrintWriter(out)).execute("replay", file.toString());
    assertThat(exit).isZero();
    assertThat(out.toString()).contains("node_not_ready   node/n1");
  }

  @Test
  void what_a_killed_server_left_of_a_line_is_taken_away() throws Exception {
    ClusterId edge = new ClusterId("c-1");
    Path file = folder.resolve("c-1.jsonl");
    Files.writeString(file, "{\"whole\":1}\n{\"to");
    Heartbeat beat =
        new Heartbeat(
            new BootId("boot-1"),
            1,
            new BeatTiming(1, null, null, null, null),
            new BeatContent.Unchanged(1, null),
            null);
    Recordings recordings = new Recordings(folder, Set.of(edge));
    recordings.record(edge, time.instant(), beat);
    recordings.record(edge, time.instant(), beat);
    assertThat(Files.readAllLines(file)).hasSize(3).first().isEqualTo("{\"whole\":1}");
  }

  private static Clusters.NewCluster create(NiroServer niro, String name) {
    return niro.clusters()
        .create(
            new OrganizationId("default"),
            new Clusters.ClusterSpec(name, Environment.STAGING, Map.of()),
            "test");
  }

  private void beats(FakeAgent agent, ClusterSnapshot snapshot, int count) {
    agent.sees(snapshot);
    for (int i = 0; i < count; i++) {
      time.advance(INTERVAL);
      agent.beat();
    }
  }
}
