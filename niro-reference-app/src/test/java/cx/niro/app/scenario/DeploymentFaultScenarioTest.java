package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.internal.AgentRuntime;
import cx.niro.app.scenario.Relay.Fate;
import cx.niro.app.server.RunningServer;
import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.protocol.CommandState;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import cx.niro.server.Deployments.Spec;
import cx.niro.server.manifest.ManifestFile;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Status;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.TimelineEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real agent and the real server, and what breaks between the two and the API server. */
class DeploymentFaultScenarioTest {
  private static final String SECRET =
      """
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: web}
      stringData: {password: hunter2}
      """;
  private static final String WEB =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data: {color: blue}
      """;

  /** A new agent gets what the one before held after 30 s. */
  private static final Duration HAND_OVER = Duration.ofSeconds(75);

  @TempDir Path folder;
  private final RunningServer server = Servers.inMemory();
  private final List<Site> sites = new ArrayList<>();
  private final List<ClusterId> ids = new ArrayList<>();

  @AfterEach
  void stop() {
    sites.forEach(Site::close);
    server.close();
  }

  // ---------------------------------------------------------------- what is done

  private Site site() {
    NewCluster made =
        server
            .niro()
            .clusters()
            .create(
                new OrganizationId("default"),
                new ClusterSpec("lyon-" + sites.size(), Environment.DEV, Map.of()),
                "ada");
    Site site = new Site(server.address(), made.enrollment().token(), folder);
    sites.add(site);
    ids.add(made.id());
    Await.until("the agent has told what it may do", () -> mayApply(made.id()));
    return site;
  }

  private boolean mayApply(ClusterId id) {
    return server
        .niro()
        .fleet()
        .content(id)
        .map(content -> content.snapshot().info().capabilities().has("apply"))
        .orElse(false);
  }

  private ClusterId id(Site site) {
    return ids.get(sites.indexOf(site));
  }

  private void put(Site site, String yaml) {
    ManifestSet set = ManifestSet.parse(List.of(new ManifestFile("web.yaml", yaml)), "shop");
    server
        .niro()
        .deployments()
        .put(id(site), new Spec("web", "shop", set, List.of()), ApplyOptions.CAREFUL, "ada");
  }

  private static void awaitSprung(CountDownLatch trap) throws InterruptedException {
    assertThat(trap.await(30, TimeUnit.SECONDS)).as("the request came").isTrue();
  }

  // ---------------------------------------------------------------- what is to be seen

  private DeploymentRow row(Site site) {
    return server.niro().deployments().find(id(site), "web").orElseThrow().deployment();
  }

  private CommandRow command(Site site) {
    return server.niro().commands().find(id(site), row(site).applied().command()).orElseThrow();
  }

  private void awaitEnd(Site site) {
    Await.within(HAND_OVER, "the apply ends", () -> row(site).applied().status() != Status.PENDING);
  }

  private List<Status> history(Site site) {
    return server.niro().deployments().history(id(site), "web").stream()
        .map(ApplyRow::status)
        .toList();
  }

  private List<String> timeline(Site site, String kind) {
    return server
        .niro()
        .fleet()
        .timeline(id(site), Set.of(kind), Page.Request.FIRST)
        .items()
        .stream()
        .map(TimelineEntry::summary)
        .toList();
  }

  private void assertSucceededOnce(Site site, int applies) {
    assertThat(row(site).applied().status())
        .as(row(site).applied().reason())
        .isEqualTo(Status.SUCCEEDED);
    assertThat(command(site).state()).isEqualTo(CommandState.SUCCEEDED);
    assertThat(history(site)).hasSize(applies).containsOnly(Status.SUCCEEDED);
    assertThat(timeline(site, "apply_finished")).hasSize(applies);
    assertThat(incidents(site)).isZero();
  }

  private int incidents(Site site) {
    return server
        .niro()
        .incidents()
        .list(Set.of(id(site)), IncidentFilter.ALL, Page.Request.FIRST)
        .items()
        .stream()
        .filter(row -> row.what().type().name().equals("deployment_failed"))
        .toList()
        .size();
  }

  private static String object(Site site, String kind) {
    return String.valueOf(site.kubernetes.get(kind, "shop", "web"));
  }

  // ---------------------------------------------------------------- the agent is killed

  private static Predicate<String> request(String verb, String path) {
    boolean dry = path.endsWith("?dry");
    String plain = path.replace("?dry", "");
    return line ->
        line.startsWith(verb + " ") && line.contains(plain) && line.contains("dryRun") == dry;
  }

  @Test
  void an_agent_that_is_killed_at_any_stage_is_followed_by_one_that_ends_the_apply()
      throws InterruptedException {
    List<Predicate<String>> stages =
        List.of(
            request("GET", "/configmaps/niro-managed-web"),
            request("PATCH", "/configmaps/web?dry"),
            request("POST", "/namespaces/niro-system/configmaps"),
            request("PATCH", "/namespaces/shop?"),
            request("PATCH", "/configmaps/web"),
            request("PATCH", "/secrets/web"),
            request("PATCH", "/configmaps/niro-managed-web"));
    List<Site> killed = new ArrayList<>();
    for (Predicate<String> stage : stages) {
      for (Fate fate : List.of(Fate.CUT_BEFORE, Fate.CUT_AFTER)) {
        Site site = site();
        CountDownLatch sprung = site.api.next(fate, stage);
        put(site, WEB + SECRET);
        if (sprung.await(10, TimeUnit.SECONDS)) {
          Await.until("the connection is cut", site.api::isRefusing);
          killed.add(site);
          site.killAgent();
          site.reconnect();
          site.startAgent();
        } else {
          site.api.release();
        }
      }
    }
    assertThat(killed).hasSizeGreaterThan(10);
    for (Site site : killed) {
      awaitEnd(site);
      assertSucceededOnce(site, 1);
      assertThat(command(site).attempt()).isEqualTo(2);
      assertThat(object(site, "ConfigMap")).contains("blue");
      assertThat(object(site, "Secret")).contains("web");
    }
    killed.forEach(site -> put(site, WEB.replace("blue", "green")));
    for (Site site : killed) {
      awaitEnd(site);
      assertSucceededOnce(site, 2);
      assertThat(object(site, "ConfigMap")).contains("green");
      assertThat(object(site, "Secret")).as("nothing is orphaned").isEqualTo("null");
    }
  }

  // ---------------------------------------------------------------- the server cannot be heard

  @Test
  void a_result_whose_answer_got_lost_is_sent_again_and_counts_once() throws InterruptedException {
    for (Fate fate : List.of(Fate.CUT_BEFORE, Fate.CUT_AFTER)) {
      Site site = site();
      CountDownLatch sprung = site.uplink.next(fate, line -> line.contains("/result"));
      put(site, WEB);
      awaitSprung(sprung);
      Await.until("the connection is cut", site.uplink::isRefusing);
      site.uplink.accept();
      awaitEnd(site);
      put(site, WEB.replace("blue", "green"));
      awaitEnd(site);
      assertSucceededOnce(site, 2);
      assertThat(timeline(site, "command_late")).isEmpty();
    }
  }

  // ---------------------------------------------------------------- the API server goes away

  @Test
  void an_api_server_that_restarts_in_the_midst_of_an_apply_delays_it() throws Exception {
    Site site = site();
    CountDownLatch sprung = site.api.next(Fate.CUT_AFTER, request("PATCH", "/namespaces/shop?"));
    put(site, WEB + SECRET);
    awaitSprung(sprung);
    Await.until("the connection is cut", site.api::isRefusing);
    site.kubernetes.goDown();
    TimeUnit.SECONDS.sleep(5);
    assertThat(row(site).applied().status()).isEqualTo(Status.PENDING);
    site.kubernetes.goUp();
    site.api.accept();
    awaitEnd(site);
    assertSucceededOnce(site, 1);
    assertThat(command(site).attempt()).isEqualTo(1);
    assertThat(object(site, "Secret")).contains("web");
  }

  // ---------------------------------------------------------------- one agent follows another

  @Test
  void a_superseded_agent_finishes_what_it_holds_and_nobody_begins_it_again() throws Exception {
    Site site = site();
    CountDownLatch sprung = site.api.next(Fate.HELD, request("PATCH", "/configmaps/web"));
    put(site, WEB + SECRET);
    awaitSprung(sprung);
    AgentRuntime second = site.startAgentElsewhere(server.address());
    try {
      Await.until("the second one is current", () -> !timeline(site, "agent_restarted").isEmpty());
      site.api.release();
      awaitEnd(site);
      assertSucceededOnce(site, 1);
      assertThat(command(site).attempt()).isEqualTo(1);
    } finally {
      second.abandon();
    }
  }

  @Test
  void a_superseded_agent_that_is_slow_changes_nothing_of_what_the_newer_one_did()
      throws Exception {
    Site site = site();
    CountDownLatch sprung = site.api.next(Fate.HELD, request("PATCH", "/configmaps/web"));
    put(site, WEB + SECRET);
    awaitSprung(sprung);
    AgentRuntime second = site.startAgentElsewhere(server.address());
    try {
      awaitEnd(site);
      assertThat(command(site).attempt()).isEqualTo(2);
      put(site, WEB.replace("blue", "green"));
      awaitEnd(site);
      site.api.release();
      Await.until("the old agent's word is known", () -> settled(site));
      assertSucceededOnce(site, 2);
      put(site, WEB.replace("blue", "red"));
      awaitEnd(site);
      assertSucceededOnce(site, 3);
      assertThat(object(site, "ConfigMap")).contains("red");
      assertThat(object(site, "Secret")).as("nothing is orphaned").isEqualTo("null");
    } finally {
      second.abandon();
    }
  }

  /** No request for a second: whoever was at work has ended. */
  private static boolean settled(Site site) {
    site.kubernetes.clearRequests();
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return site.kubernetes.requests().stream().noneMatch(seen -> seen.verb().equals("patch"));
  }
}
