package cx.niro.agent.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.KeyStores;
import cx.niro.agent.NiroAgent;
import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.testkit.FakeCluster;
import cx.niro.agent.testkit.FakeServer;
import cx.niro.core.CommandId;
import cx.niro.core.managed.SelfUpdateReport;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.RawJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the agent promises about replacing its own image, on any API server. */
abstract class SelfUpdateContract {
  static final String REPOSITORY = "registry.example.com:5000/niro/agent";
  static final String OLD = REPOSITORY + ":1.0";
  static final String NEW = REPOSITORY + "@sha256:" + "7".repeat(64);
  private static final String ORDER = "{\"digest\":\"sha256:" + "7".repeat(64) + "\"}";

  private final FakeServer server = FakeServer.start();
  private FakeCluster cluster = server.newCluster();
  TestCluster kubernetes;
  private final Map<String, KeyStore> keys = new HashMap<>();
  private NiroAgent agent;
  private boolean pods = true;

  abstract TestCluster open() throws Exception;

  /** The pods with the image get ready. */
  abstract void getsReady(String image) throws Exception;

  /** The new image cannot be pulled, and the controller's deadline passes. */
  abstract void cannotBePulled(String image) throws Exception;

  @BeforeEach
  void install() throws Exception {
    kubernetes = open();
    kubernetes.create(
        kubernetes.in("/apis/apps/v1", "deployments"),
        """
        {'metadata':{'name':'niro-agent'},'spec':{'replicas':1,'progressDeadlineSeconds':3,
         'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1,'maxUnavailable':0}},
         'selector':{'matchLabels':{'app.kubernetes.io/name':'niro-agent'}},
         'template':{'metadata':{'labels':{'app.kubernetes.io/name':'niro-agent'}},
          'spec':{'containers':[{'name':'sidecar','image':'example/proxy:2'},
                                {'name':'agent','image':'%s','args':['agent']}]}}}}
        """
            .formatted(OLD));
    getsReady(OLD);
    agent = run();
  }

  @AfterEach
  void stop() {
    agent.close();
    kubernetes.close();
    server.close();
  }

  private NiroAgent run() throws IOException {
    return NiroAgent.builder(server.url())
        .token(cluster.token())
        .keyStore(keys.computeIfAbsent(cluster.token(), token -> KeyStores.inMemory()))
        .commandHandler(
            new SelfUpdate(
                kubernetes.client(), kubernetes.namespace(), pods, Duration.ofMillis(50)))
        .start();
  }

  Json deployment() throws IOException {
    return Json.of(
        kubernetes.admin().send(ApiRequest.get(AgentDeployment.path(kubernetes.namespace()))));
  }

  String image() throws IOException {
    return new AgentDeployment(deployment()).image();
  }

  CommandResult result(CommandId command) throws Exception {
    await(() -> cluster.result(command).isPresent());
    return cluster.result(command).orElseThrow();
  }

  static SelfUpdateReport report(CommandResult result) {
    String text = Objects.requireNonNull(result.output()).text();
    return NiroCodec.create().decode(SelfUpdateReport.class, text.getBytes(StandardCharsets.UTF_8));
  }

  static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Test
  void a_new_digest_is_rolled_out_and_the_rest_of_the_pod_stays() throws Exception {
    CommandId order = cluster.offer("self_update", ORDER);
    await(() -> image().equals(NEW));
    assertThat(cluster.result(order)).isEmpty();
    getsReady(NEW);

    CommandResult result = result(order);
    assertThat(result.state()).isEqualTo(CommandState.SUCCEEDED);
    assertThat(report(result)).isEqualTo(new SelfUpdateReport(NEW, OLD));
    String text = deployment().tree().toString();
    assertThat(text).contains("\"example/proxy:2\"").contains("[\"agent\"]");
  }

  @Test
  void an_image_that_cannot_be_pulled_is_rolled_back_with_the_reason() throws Exception {
    CommandId order = cluster.offer("self_update", ORDER);
    await(() -> image().equals(NEW));
    cannotBePulled(NEW);

    CommandResult result = result(order);
    assertThat(result.state()).isEqualTo(CommandState.FAILED);
    assertThat(result.reason())
        .startsWith("rolled back to " + OLD)
        .contains("ImagePullBackOff: Back-off pulling image");
    assertThat(report(result)).isEqualTo(new SelfUpdateReport(OLD, OLD));
    assertThat(image()).isEqualTo(OLD);
  }

  @Test
  void an_agent_without_the_grant_for_pods_says_nothing_of_its_own_either() throws Exception {
    agent.close();
    cluster = server.newCluster();
    pods = false;
    agent = run();
    CommandId order = cluster.offer("self_update", ORDER);
    await(() -> image().equals(NEW));
    cannotBePulled(NEW);

    assertThat(result(order).reason())
        .startsWith("rolled back to " + OLD)
        .doesNotContain("ImagePullBackOff");
  }

  @Test
  void the_next_pod_goes_on_with_what_its_predecessor_began() throws Exception {
    CommandId order = cluster.offer("self_update", ORDER);
    await(() -> image().equals(NEW));
    agent.close();
    cluster = server.newCluster();
    agent = run();
    cluster.offer(new CommandOffer(order, "self_update", new RawJson(ORDER), 2, 300L, null));
    cannotBePulled(NEW);

    CommandResult result = result(order);
    assertThat(result.reason()).startsWith("rolled back to " + OLD);
    assertThat(image()).isEqualTo(OLD);
  }

  @Test
  void what_was_rolled_back_is_not_tried_again_by_the_next_pod() throws Exception {
    CommandId order = cluster.offer("self_update", ORDER);
    await(() -> image().equals(NEW));
    cannotBePulled(NEW);
    String reason = result(order).reason();
    agent.close();
    cluster = server.newCluster();
    agent = run();
    cluster.offer(new CommandOffer(order, "self_update", new RawJson(ORDER), 2, 300L, null));

    assertThat(result(order).reason()).isEqualTo(reason);
    assertThat(image()).isEqualTo(OLD);
  }

  @Test
  void after_a_rollout_that_was_given_up_the_image_that_runs_is_what_is_restored()
      throws Exception {
    CommandId order = cluster.offer("self_update", ORDER);
    await(() -> image().equals(NEW));
    cluster.cancel(order);
    CommandResult given = result(order);
    assertThat(given.state()).isEqualTo(CommandState.CANCELLED);
    assertThat(given.reason()).contains("no longer followed: the Deployment goes on to " + NEW);

    String newer = NEW.replace('7', '8');
    CommandId next = cluster.offer("self_update", ORDER.replace('7', '8'));
    await(() -> image().equals(newer));
    cannotBePulled(newer);
    assertThat(result(next).reason()).startsWith("rolled back to " + OLD);
    assertThat(image()).isEqualTo(OLD);
  }

  @Test
  void somebody_elses_change_ends_it_and_is_left_alone() throws Exception {
    CommandId order = cluster.offer("self_update", ORDER);
    await(() -> image().equals(NEW));
    String other = REPOSITORY + ":2.0";
    String changed = deployment().child("spec").tree().toString().replace(NEW, other);
    kubernetes.patch(
        AgentDeployment.path(kubernetes.namespace()), "{'spec':%s}".formatted(changed));
    CommandResult result = result(order);
    assertThat(result.state()).isEqualTo(CommandState.FAILED);
    assertThat(result.reason()).contains("somebody else changed the image to " + other);
    assertThat(image()).isEqualTo(other);
  }

  @Test
  void anything_but_a_digest_is_rejected() throws Exception {
    CommandResult result = result(cluster.offer("self_update", "{\"digest\":\"latest\"}"));
    assertThat(result.state()).isEqualTo(CommandState.REJECTED);
    assertThat(result.reason()).contains("digest must be sha256: and 64 of 0-9 a-f");
    assertThat(image()).isEqualTo(OLD);
  }
}
