package cx.niro.agent.internal;

import cx.niro.agent.AgentListener;
import cx.niro.agent.AgentOptions;
import cx.niro.agent.AgentResources;
import cx.niro.agent.CallFailure;
import cx.niro.agent.KeyStores;
import cx.niro.agent.NiroAgent;
import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.Observation;
import cx.niro.agent.spi.StoredKeys;
import cx.niro.agent.testkit.FakeCluster;
import cx.niro.agent.testkit.FakeServer;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.testkit.ManualTime;
import cx.niro.core.testkit.Snapshots;
import cx.niro.core.testkit.StepExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An agent and a server that move only when the test moves time. */
final class StepAgent implements AgentListener {
  final ManualTime time = ManualTime.create();
  final StepExecutor steps = time.newExecutor();
  final FakeServer server = FakeServer.withoutPort();
  final FakeCluster cluster = server.newCluster();
  final InMemoryTransport transport = new InMemoryTransport(server, steps);
  final List<String> heard = new ArrayList<>();
  final List<BeatReport> reports = new ArrayList<>();
  final List<CallFailure> failures = new ArrayList<>();
  KeyStore keys = KeyStores.inMemory();
  ClusterSnapshot content = Snapshots.seeded(1).cluster(3, 60);
  AgentResources resources =
      AgentResources.builder()
          .heartbeats(steps)
          .commands(steps)
          .workers(steps)
          .network(steps)
          .instants(time)
          .nanos(time.nanos())
          .random(new Random(42))
          .build();

  /** Options for the one cluster of the server. */
  AgentOptions.Builder options() {
    return NiroAgent.builder("http://localhost")
        .token(cluster.token())
        .keyStore(keys)
        .inventory(() -> Observation.of(content))
        .listener(this)
        .resources(resources);
  }

  /** Starts an agent and runs what is due at once. */
  AgentRuntime start(AgentOptions.Builder options) {
    AgentRuntime agent = new AgentRuntime(options.build(), resources, transport);
    agent.start();
    time.runDue();
    return agent;
  }

  AgentRuntime start() {
    return start(options());
  }

  void after(Duration step) {
    time.advance(step);
  }

  void seconds(long count) {
    after(Duration.ofSeconds(count));
  }

  List<Heartbeat> beats() {
    return cluster.beats();
  }

  Heartbeat lastBeat() {
    return beats().get(beats().size() - 1);
  }

  StoredKeys stored() {
    try {
      return keys.load().orElse(StoredKeys.EMPTY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void enrolled(ClusterId id) {
    heard.add("enrolled " + id);
  }

  @Override
  public void enrollmentRefused(CallFailure failure) {
    heard.add("enrollment refused " + failure.code());
  }

  @Override
  public void keyRefused(CallFailure failure) {
    heard.add("key refused " + failure.code());
  }

  @Override
  public void superseded() {
    heard.add("superseded");
  }

  @Override
  public void commandFinished(CommandId id, String kind, CommandState state, String reason) {
    heard.add(kind + " " + state + (reason == null ? "" : " " + reason));
  }

  @Override
  public void beatAccepted(BeatReport report) {
    reports.add(report);
  }

  @Override
  public void callFailed(CallFailure failure) {
    failures.add(failure);
  }
}
