package cx.niro.app.scenario;

import cx.niro.agent.NiroAgent;
import cx.niro.agent.kubernetes.Grants;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.agent.testkit.FakeCluster;
import cx.niro.agent.testkit.FakeServer;
import cx.niro.core.CommandId;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.ApplyRequest;
import cx.niro.core.managed.DeleteRequest;
import cx.niro.core.managed.DiffRequest;
import cx.niro.core.managed.ManifestObject;
import cx.niro.core.protocol.AgentSettings;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** An agent in this process with the account that the installer made, and a server that listens. */
final class InstalledAgent implements AutoCloseable {
  private static final NiroCodec CODEC = NiroCodec.create();
  private static final long BEAT_MILLIS = 1000;

  private final FakeServer server = FakeServer.start();
  private final FakeCluster cluster = server.newCluster();
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final ApiCalls account;
  private final NiroAgent agent;

  private InstalledAgent(RealCluster kubernetes, Map<String, String> flags) throws Exception {
    cluster.settings(new AgentSettings(BEAT_MILLIS, 5, 8));
    server.overhear(sent::add);
    Map<String, String> environment = new HashMap<>(flags);
    environment.put("NIRO_TOKEN", cluster.token());
    kubernetes.install(environment);
    account = kubernetes.agent();
    agent =
        KubernetesAgent.options(
                server.url(), account.client(), "niro-system", Grants.of(environment))
            .token(cluster.token())
            .proxy(null)
            .start();
  }

  /** Runs the installer with these variables, and then its agent. */
  static InstalledAgent start(RealCluster kubernetes, Map<String, String> flags) throws Exception {
    return new InstalledAgent(kubernetes, flags);
  }

  FakeCluster cluster() {
    return cluster;
  }

  /** The calls of the agent's account. */
  ApiCalls account() {
    return account;
  }

  /** Every body that the agent has sent to its server. */
  List<String> sent() {
    return List.copyOf(sent);
  }

  Set<String> capabilities() {
    return cluster.snapshot().info().capabilities().names();
  }

  CommandResult apply(String name, String namespace, long revision, List<String> objects) {
    return result(
        cluster.offer(
            "apply",
            json(
                new ApplyRequest(
                    name, namespace, revision, ApplyOptions.CAREFUL, manifests(objects)))));
  }

  CommandResult diff(String name, String namespace, long revision, List<String> objects) {
    return result(
        cluster.offer(
            "diff",
            json(new DiffRequest(name, namespace, revision, List.of(), manifests(objects)))));
  }

  CommandResult delete(String name, String namespace, long revision) {
    return result(
        cluster.offer("delete", json(new DeleteRequest(name, namespace, revision, true))));
  }

  CommandResult result(CommandId command) {
    long end = System.nanoTime() + 180_000_000_000L;
    while (cluster.result(command).isEmpty() && System.nanoTime() < end) {
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
    return cluster.result(command).orElseThrow();
  }

  private static String json(Object payload) {
    return new String(CODEC.encode(payload), StandardCharsets.UTF_8);
  }

  private static List<ManifestObject> manifests(List<String> objects) {
    return objects.stream()
        .map(object -> new ManifestObject(null, new RawJson(object.replace('\'', '"').strip())))
        .toList();
  }

  @Override
  public void close() {
    agent.close();
    server.close();
  }
}
