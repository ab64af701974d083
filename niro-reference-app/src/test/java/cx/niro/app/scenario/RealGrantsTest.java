package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import cx.niro.app.server.RunningServer;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Every combination of grants, as the installer makes it on a real API server: what the account may
 * do, what the agent does with it, what it says of itself, and what is left when it goes.
 */
@RealClusterOnly
class RealGrantsTest {
  private static final String MARK = UUID.randomUUID().toString().substring(0, 8);
  private static final String SPACE = "niro-test-" + MARK;

  /** In the names of all pods and of what points to them. */
  private static final String PLANTED = "planted" + MARK;

  private static final Set<Section> OF_PODS =
      Set.of(
          Section.PODS,
          Section.WORKLOADS,
          Section.PERSISTENT_VOLUME_CLAIMS,
          Section.SERVICE_ACCOUNTS,
          Section.AUTOSCALERS);

  @TempDir static Path folder;
  private static RunningServer installer;
  private static RealCluster cluster;

  /** What the installer was told. */
  record Installation(Set<String> grants, boolean admin, int number) {
    Map<String, String> flags() {
      Map<String, String> flags = new HashMap<>();
      flags.put("NIRO_ENABLE_PODS", grants.contains("pods") ? "1" : "0");
      flags.put("NIRO_ENABLE_LOGS", grants.contains("logs") ? "1" : "0");
      flags.put("NIRO_ENABLE_APPLY", grants.contains("apply") ? "1" : "0");
      flags.put("NIRO_ENABLE_SELF_UPDATE", grants.contains("update") ? "1" : "0");
      flags.put("NIRO_APPLY_SCOPE", admin ? "admin" : "namespaced");
      return flags;
    }

    Set<String> capabilities() {
      Set<String> names = new TreeSet<>(grants);
      if (names.remove("update")) {
        names.add("selfUpdate");
      }
      names.remove("always");
      return names;
    }

    @Override
    public String toString() {
      return capabilities() + (admin ? " with NIRO_APPLY_SCOPE=admin" : "");
    }
  }

  private static Installation installation(int bits, boolean admin) {
    Set<String> grants = new TreeSet<>(Set.of("always"));
    List<String> names = List.of("pods", "logs", "apply", "update");
    IntStream.range(0, 4)
        .filter(bit -> (bits >> bit & 1) == 1)
        .forEach(bit -> grants.add(names.get(bit)));
    return new Installation(grants, admin, bits + (admin ? 16 : 0));
  }

  /** Neighbours differ in one grant, so that the installer also takes each away again. */
  static Stream<Installation> all() {
    Stream<Installation> sixteen =
        IntStream.range(0, 16).mapToObj(i -> installation(i ^ i >> 1, false));
    return Stream.concat(sixteen, Stream.of(installation(4, true), installation(15, true)));
  }

  static Stream<Installation> some() {
    return Stream.of(installation(1, false), installation(15, false), installation(15, true));
  }

  @BeforeAll
  static void plant() throws Exception {
    installer = Servers.inMemory();
    cluster = new RealCluster(folder, installer.address());
    cluster.kubectl("create", "namespace", SPACE);
    cluster.kubectl("-n", SPACE, "create", "deployment", PLANTED + "-web", "--image=example/web:1");
    pod(SPACE, "asked-for");
    String uid = pod(SPACE, PLANTED + "-solo");
    pod("default", PLANTED + "-solo");
    for (String kind : List.of("configmaps", "persistentvolumeclaims")) {
      owned(kind, uid);
    }
    event("default", "Pod", PLANTED + "-solo", "");
    event(SPACE, "Pod", PLANTED + "-solo", "");
    event("default", "Node", "node-" + MARK, "'kind':'Pod','name':'" + PLANTED + "-solo'");
  }

  private static String pod(String namespace, String name) throws Exception {
    Map<?, ?> made =
        cluster
            .admin()
            .post(
                "/api/v1/namespaces/" + namespace + "/pods",
                "{'metadata':{'name':'%s'},'spec':{'containers':[{'name':'app','image':'example/app:1'}]}}"
                    .formatted(name));
    return String.valueOf(ApiCalls.at(made, "metadata.uid"));
  }

  private static void owned(String kind, String uid) throws Exception {
    cluster
        .admin()
        .post(
            "/api/v1/namespaces/" + SPACE + "/" + kind,
            """
            {'metadata':{'name':'data','annotations':{'niro.cx/of':'%s-solo'},'ownerReferences':[
              {'apiVersion':'v1','kind':'Pod','name':'%s-solo','uid':'%s','controller':true}]}%s}
            """
                .formatted(
                    PLANTED,
                    PLANTED,
                    uid,
                    kind.equals("configmaps")
                        ? ""
                        : ",'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}"));
  }

  private static void event(String namespace, String kind, String name, String related)
      throws Exception {
    cluster
        .admin()
        .post(
            "/api/v1/namespaces/" + namespace + "/events",
            """
            {'metadata':{'name':'%s.%s'},'type':'Warning','reason':'Tested','message':'about %s',
             'involvedObject':{'kind':'%s','name':'%s'%s},'related':{%s}}
            """
                .formatted(
                    name,
                    kind.equals("Pod") ? "1" : MARK,
                    name,
                    kind,
                    name,
                    kind.equals("Pod") ? ",'namespace':'" + namespace + "'" : "",
                    related));
  }

  @AfterAll
  static void uproot() throws Exception {
    cluster.kubectl("-n", "default", "delete", "pod", PLANTED + "-solo", "--force");
    cluster
        .admin()
        .patch(
            "/api/v1/namespaces/" + SPACE + "/persistentvolumeclaims/data",
            "{'metadata':{'finalizers':null}}");
    cluster.deleteNamespaces("niro-system", SPACE, SPACE + "-made");
    cluster.close();
    installer.close();
  }

  // ---------------------------------------------------------------- the promises

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void the_account_may_do_what_the_table_says_and_the_agent_needs_no_more(Installation as)
      throws Exception {
    List<String> complaints;
    List<String> sent;
    try (Listening listening = new Listening();
        InstalledAgent agent = InstalledAgent.start(cluster, as.flags())) {
      Await.until(
          "the capabilities are told", () -> agent.capabilities().equals(as.capabilities()));
      work(agent, as);
      assertThat(GrantTable.differences(cluster.agent(), as.grants(), as.admin())).isEmpty();
      sections(agent.cluster().snapshot(), as.grants().contains("pods"));
      int beats = agent.cluster().beats().size();
      Await.until("it goes on", () -> agent.cluster().beats().size() > beats + 1);
      assertThat(agent.account().answers())
          .as("refused calls of the agent")
          .filteredOn(answer -> answer.status() == 401 || answer.status() == 403)
          .isEmpty();
      complaints = listening.warnings();
      sent = agent.sent();
    }
    assertThat(complaints).isEmpty();
    List<String> telling = sent.stream().filter(body -> body.contains(PLANTED)).toList();
    assertThat(telling.isEmpty()).as("%s", telling).isEqualTo(!as.grants().contains("pods"));
  }

  @Test
  void capabilities_follow_the_bindings_within_a_beat() throws Exception {
    Installation everything = installation(15, false);
    try (InstalledAgent agent = InstalledAgent.start(cluster, everything.flags())) {
      Await.until("everything", () -> agent.capabilities().equals(everything.capabilities()));
      long start = System.nanoTime();
      cluster.kubectl(
          "delete", "clusterrolebinding", "niro-agent-pods", "niro-agent-logs", "niro-agent-apply");
      cluster.kubectl("-n", "niro-system", "delete", "rolebinding", "niro-agent-self-update");
      Await.until("nothing is granted", () -> agent.capabilities().isEmpty());
      long taken = System.nanoTime();
      cluster.install(everything.flags());
      long given = System.nanoTime();
      Await.until("all is back", () -> agent.capabilities().equals(everything.capabilities()));
      System.out.printf(
          "capabilities: gone %d ms after the first binding, back within %d ms of the installer%n",
          (taken - start) / 1_000_000, (System.nanoTime() - given) / 1_000_000);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("some")
  void deleting_the_namespace_leaves_nothing_of_the_agents(Installation as) throws Exception {
    try (InstalledAgent agent = InstalledAgent.start(cluster, as.flags())) {
      Await.until(
          "the capabilities are told", () -> agent.capabilities().equals(as.capabilities()));
      if (as.grants().contains("apply")) {
        assertThat(agent.apply("grants", SPACE, 1, List.of(map())).state())
            .isEqualTo(CommandState.SUCCEEDED);
      }
    }
    assertThat(left()).contains("niro-agent");
    cluster.deleteNamespaces("niro-system");
    Await.until("the garbage collector was there", () -> left().isEmpty());
  }

  /** Whatever names the agent, of all kinds that there are. */
  private static String left() {
    try {
      String kinds = cluster.kubectl("api-resources", "--verbs=list", "-o", "name").strip();
      return cluster
          .kubectl("get", kinds.replace('\n', ','), "-A", "--ignore-not-found", "-o", "name")
          .lines()
          .filter(line -> line.contains("niro-agent") || line.contains("niro-managed"))
          .reduce("", (all, line) -> all + line + "\n");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  // ---------------------------------------------------------------- what the agent is asked to do

  private static void work(InstalledAgent agent, Installation as) throws Exception {
    boolean apply = as.grants().contains("apply");
    List<String> objects = new ArrayList<>(List.of(map(), made()));
    CommandState end = apply ? CommandState.SUCCEEDED : CommandState.REJECTED;
    assertThat(agent.apply("grants", SPACE, 1, objects).state()).isEqualTo(end);
    assertThat(agent.diff("grants", SPACE, 1, objects).state()).isEqualTo(end);
    assertThat(agent.delete("grants", SPACE, 2).state()).isEqualTo(end);
    readLog(agent, as.grants().contains("logs"));
    updateItself(agent, as);
  }

  private static String map() {
    return "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a'},'data':{'k':'v'}}";
  }

  private static String made() {
    return "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'%s-made'}}".formatted(SPACE);
  }

  /** No node has the pod, so the API server answers with an empty log. */
  private static void readLog(InstalledAgent agent, boolean granted) {
    CommandId log =
        agent
            .cluster()
            .offer(
                "logs",
                "{\"namespace\":\"%s\",\"pod\":\"asked-for\",\"follow\":false,\"previous\":false}"
                    .formatted(SPACE));
    Await.until(
        "the log was answered",
        () ->
            granted
                ? agent.cluster().pieces(log).stream().anyMatch(piece -> piece.end() != null)
                : agent.cluster().result(log).isPresent());
    assertThat(agent.account().answers())
        .filteredOn(answer -> answer.path().endsWith("/log"))
        .extracting(ApiCalls.Answered::status)
        .isEqualTo(granted ? List.of(204) : List.of());
  }

  private static void updateItself(InstalledAgent agent, Installation as) throws Exception {
    String digest = "sha256:%064x".formatted(as.number() + 1);
    CommandId update = new CommandId("update-" + as.number());
    RawJson order = new RawJson("{\"digest\":\"%s\"}".formatted(digest));
    agent.cluster().offer(new CommandOffer(update, "self_update", order, 1, 300L, null));
    boolean granted = as.grants().contains("update");
    CommandResult result = agent.result(update);
    assertThat(result.state())
        .as("%s", result)
        .isEqualTo(granted ? CommandState.SUCCEEDED : CommandState.REJECTED);
    String image =
        String.valueOf(
            cluster.admin().get("/apis/apps/v1/namespaces/niro-system/deployments/niro-agent"));
    assertThat(image.contains("@" + digest)).isEqualTo(granted);
  }

  private static void sections(ClusterSnapshot seen, boolean pods) {
    for (Section section : Section.values()) {
      boolean off = section == Section.METRICS || (!pods && OF_PODS.contains(section));
      assertThat(seen.section(section).state())
          .as(section.wireName())
          .isEqualTo(off ? State.OFF : State.COMPLETE);
    }
  }

  /** What the agent logs that somebody should act upon. */
  private static final class Listening implements AutoCloseable {
    private final Logger agent = (Logger) LoggerFactory.getLogger("cx.niro.agent");
    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

    Listening() {
      heard.start();
      agent.addAppender(heard);
    }

    List<String> warnings() {
      return heard.list.stream()
          .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
          .map(ILoggingEvent::getFormattedMessage)
          .toList();
    }

    @Override
    public void close() {
      agent.detachAppender(heard);
    }
  }
}
