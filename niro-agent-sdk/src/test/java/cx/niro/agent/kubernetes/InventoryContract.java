package cx.niro.agent.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.spi.Observation;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the inventory promises, on any API server. */
abstract class InventoryContract {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  TestCluster cluster;
  KubernetesInventory inventory;

  abstract TestCluster open() throws Exception;

  @BeforeEach
  void start() throws Exception {
    cluster = open();
    inventory = inventory(Grants.DEFAULT);
  }

  @AfterEach
  void stop() {
    inventory.close();
    cluster.close();
  }

  KubernetesInventory inventory(Grants grants) throws Exception {
    return KubernetesInventory.of(cluster.client(), grants, cluster.namespace());
  }

  @Test
  void nodes_show_what_the_rules_read_and_only_chosen_labels() throws Exception {
    String name = cluster.node("a");
    Node node = named(inventory.collect(), Section.NODES, name);
    assertThat(node.conditions()).singleElement().matches(is -> is.type().equals("Ready"));
    assertThat(node.capacity().cpuMillis()).isEqualTo(4000);
    assertThat(node.capacity().ephemeralStorageBytes()).isEqualTo(100_000_000_000L);
    assertThat(node.allocatable().cpuMillis()).isEqualTo(3900);
    assertThat(node.allocatable().memoryBytes()).isEqualTo(7L << 30);
    assertThat(node.info().bootId()).isEqualTo("boot-1");
    assertThat(node.meta().labels())
        .containsEntry("node-role.kubernetes.io/control-plane", "true")
        .doesNotContainKey("team");
  }

  @Test
  void a_pod_shows_up_changes_and_goes_without_another_list() throws Exception {
    inventory.collect();
    cluster.pod("web", "", "");
    Pod pending = (Pod) await(Section.PODS, "web", pod -> true);
    assertThat(pending.status().phase()).isEqualTo("Pending");

    cluster.patch(
        cluster.in("/api/v1", "pods/web/status"),
        """
        {'status':{'phase':'Running','podIP':'10.0.0.9','podIPs':[{'ip':'10.0.0.9'}],'containerStatuses':[{'name':'app','image':'x','imageID':'y',
          'ready':false,'restartCount':7,'containerID':'containerd://0123456789abcdef0123456789abcdef',
          'state':{'waiting':{'reason':'CrashLoopBackOff','message':'back-off'}},
          'lastState':{'terminated':{'exitCode':137,'reason':'OOMKilled','finishedAt':'2026-01-05T08:01:00Z'}}}]}}
        """);
    Pod running =
        (Pod) await(Section.PODS, "web", pod -> "Running".equals(((Pod) pod).status().phase()));
    assertThat(running.status().podIpPresent()).isTrue();
    assertThat(running.status().containers())
        .singleElement()
        .satisfies(
            app -> {
              assertThat(app.restartCount()).isEqualTo(7);
              assertThat(app.containerId()).isEqualTo("0123456789abcdef01234567");
              assertThat(app.waiting().reason()).isEqualTo("CrashLoopBackOff");
              assertThat(app.lastTerminated().exitCode()).isEqualTo(137);
            });

    cluster.delete(cluster.in("/api/v1", "pods/web"));
    awaitGone(Section.PODS, "web");
  }

  @Test
  void a_pod_asks_for_what_its_spec_says() throws Exception {
    String node = cluster.node("b");
    cluster.pod("web", "", "'nodeName':'%s',".formatted(node));
    Pod pod = named(inventory.collect(), Section.PODS, "web");
    assertThat(pod.nodeName()).isEqualTo(node);
    assertThat(pod.spec().containers().get(0).requests().cpuMillis()).isEqualTo(100);
    assertThat(pod.spec().containers().get(0).limits()).isNull();
    Node loaded = named(inventory.collect(), Section.NODES, node);
    assertThat(loaded.runningPods()).isEqualTo(1);
    assertThat(loaded.requested().memoryBytes()).isEqualTo(64L << 20);
  }

  @Test
  void an_observation_without_a_change_is_the_same_instance() throws Exception {
    cluster.node("c");
    cluster.pod("web", "", "");
    inventory.collect();
    await(Section.PODS, "web", pod -> true);
    Inventory first = inventory.collect().snapshot().objects();
    assertThat(mine(inventory.collect().snapshot().objects().pods()))
        .usingElementComparator((a, b) -> a == b ? 0 : 1)
        .isEqualTo(mine(first.pods()));
  }

  @Test
  void the_heartbeat_of_a_node_is_no_change() throws Exception {
    String name = cluster.node("d");
    Node before = named(inventory.collect(), Section.NODES, name);
    cluster.patch(
        "/api/v1/nodes/" + name + "/status",
        "{'status':{'conditions':[{'type':'Ready','status':'True','reason':'KubeletReady','message':'up','lastHeartbeatTime':'2026-01-05T09:00:00Z','lastTransitionTime':'2026-01-05T08:00:00Z'}]}}");
    cluster.pod("after", "", "");
    await(Section.PODS, "after", pod -> true);
    assertThat((Node) named(inventory.collect(), Section.NODES, name)).isSameAs(before);
  }

  @Test
  void lists_longer_than_a_page_are_complete() throws Exception {
    for (int i = 0; i < 270; i++) {
      cluster.create(
          cluster.in("/api/v1", "serviceaccounts"),
          "{'metadata':{'name':'robot-%d'}}".formatted(i));
    }
    Observation seen = inventory.collect();
    assertThat(mine(seen.snapshot().objects().serviceAccounts()))
        .filteredOn(account -> account.meta().name().startsWith("robot-"))
        .hasSize(270);
    assertThat(seen.snapshot().section(Section.SERVICE_ACCOUNTS).state()).isEqualTo(State.COMPLETE);
  }

  @Test
  void only_warnings_are_reported_as_events() throws Exception {
    event("one", "Normal");
    event("two", "Warning");
    inventory.collect();
    WarningEvent two = (WarningEvent) await(Section.EVENTS, "two", event -> true);
    assertThat(two.reason()).isEqualTo("BackOff");
    assertThat(two.count()).isEqualTo(4);
    assertThat(two.involved().name()).isEqualTo("web");
    assertThat(mine(inventory.collect().snapshot().objects().events())).hasSize(1);
  }

  private void event(String name, String type) throws Exception {
    cluster.create(
        cluster.in("/api/v1", "events"),
        "{'metadata':{'name':'%s'},'type':'%s','reason':'BackOff','message':'again','count':4,'involvedObject':{'kind':'Pod','namespace':'%s','name':'web'},'lastTimestamp':'2026-01-05T08:00:00Z'}"
            .formatted(name, type, cluster.namespace()));
  }

  @Test
  void workloads_come_with_template_and_zero_counters() throws Exception {
    cluster.create(
        cluster.in("/apis/apps/v1", "deployments"),
        """
        {'metadata':{'name':'shop'},'spec':{'replicas':3,'selector':{'matchLabels':{'app':'shop'}},
          'template':{'metadata':{'labels':{'app':'shop'}},'spec':{'containers':[{'name':'app','image':'example/shop:2',
            'env':[{'name':'DB_PASSWORD','value':'hunter2'},{'name':'MODE','value':'fast'}]}]}}}}
        """);
    Workload shop = named(inventory.collect(), Section.WORKLOADS, "shop");
    assertThat(shop.kind()).isEqualTo("Deployment");
    assertThat(shop.desiredReplicas()).isEqualTo(3);
    assertThat(shop.replicas().ready()).isZero();
    assertThat(shop.template().containers().get(0).env().plainSecretNames())
        .containsExactly("DB_PASSWORD");
    assertThat(shop.toString()).doesNotContain("hunter2");
  }

  @Test
  void pods_know_the_deployment_and_the_cron_job_above_them() throws Exception {
    String template =
        "'template':{'metadata':{'labels':{'a':'b'}},'spec':{'restartPolicy':'%s','containers':[{'name':'app','image':'x'}]}}";
    String cronJob =
        make(
            "/apis/batch/v1",
            "cronjobs",
            "'name':'backup'",
            "'schedule':'0 3 * * *','jobTemplate':{'spec':{%s}}"
                .formatted(template.formatted("Never")));
    String job =
        make(
            "/apis/batch/v1",
            "jobs",
            "'name':'backup-29'," + owned("batch/v1", "CronJob", "backup", cronJob),
            template.formatted("Never"));
    // A real controller makes the pod itself.
    String labels = "'labels':{'a':'b','pod-template-hash':'abc'}";
    String replicaSet =
        make(
            "/apis/apps/v1",
            "replicasets",
            "'name':'shop-abc'",
            "'replicas':1,'selector':{'matchLabels':{'a':'b'}},"
                + template.formatted("Always").replace("'labels':{'a':'b'}", labels));
    inventory.collect();
    await(Section.WORKLOADS, "backup-29", found -> true);
    cluster.pod("backup-29-x", owned("batch/v1", "Job", "backup-29", job), "");
    String shop = "shop-abc-x";
    if (cluster.isReal()) {
      shop = cluster.podOf("shop-abc");
    } else {
      cluster.pod(shop, owned("apps/v1", "ReplicaSet", "shop-abc", replicaSet) + "," + labels, "");
    }
    assertThat(await(Section.PODS, "backup-29-x", pod -> true).meta().rootOwner().name())
        .isEqualTo("backup");
    assertThat(await(Section.PODS, shop, pod -> true).meta().rootOwner())
        .matches(root -> root.kind().equals("Deployment") && root.name().equals("shop"));
  }

  /** Creates an object in the test's namespace and gives its uid. */
  private String make(String version, String resource, String metadata, String spec)
      throws Exception {
    return cluster
        .create(
            cluster.in(version, resource),
            "{'metadata':{%s},'spec':{%s}}".formatted(metadata, spec))
        .child("metadata")
        .name("uid");
  }

  private static String owned(String version, String kind, String name, String uid) {
    return "'ownerReferences':[{'apiVersion':'%s','kind':'%s','name':'%s','uid':'%s','controller':true}]"
        .formatted(version, kind, name, uid);
  }

  @Test
  void without_pods_nothing_but_nodes_and_their_events_is_read() throws Exception {
    inventory.close();
    inventory = inventory(new Grants(false, false, false, false));
    cluster.pod("web", "", "");
    cluster.node("e");
    Observation seen = inventory.collect();
    assertThat(seen.snapshot().section(Section.NODES).state()).isEqualTo(State.COMPLETE);
    assertThat(seen.snapshot().section(Section.EVENTS).state()).isEqualTo(State.COMPLETE);
    assertThat(seen.snapshot().section(Section.PODS).state()).isEqualTo(State.OFF);
    assertThat(seen.snapshot().section(Section.WORKLOADS).state()).isEqualTo(State.OFF);
    assertThat(seen.snapshot().objects().pods()).isEmpty();
  }

  @Test
  void the_cluster_tells_its_identity() throws Exception {
    var info = inventory.collect().snapshot().info();
    assertThat(info.kubeSystemUid()).hasSize(36);
    assertThat(info.kubernetesVersion()).startsWith("v1.");
    assertThat(info.capabilities().names()).containsExactly("pods");
    assertThat(info.api().readyzOk()).isTrue();
  }

  // ---------------------------------------------------------------- looking

  @SuppressWarnings("unchecked")
  <T extends Resource> T named(Observation seen, Section section, String name) {
    return (T)
        mine(seen.snapshot().objects().of(section)).stream()
            .filter(object -> object.meta().name().equals(name))
            .findAny()
            .orElseThrow(() -> new AssertionError(name + " is not in " + section));
  }

  /** What this test made: a real API server has more. */
  List<? extends Resource> mine(List<? extends Resource> objects) {
    return objects.stream()
        .filter(
            object ->
                cluster.namespace().equals(object.meta().namespace())
                    || object.meta().name().startsWith(cluster.namespace()))
        .toList();
  }

  Resource await(Section section, String name, Predicate<Resource> wanted) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      for (Resource object : mine(inventory.collect().snapshot().objects().of(section))) {
        if (object.meta().name().equals(name) && wanted.test(object)) {
          return object;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError(name + " was not seen as wanted in " + section);
  }

  void awaitGone(Section section, String name) throws Exception {
    awaitTrue(
        () ->
            mine(inventory.collect().snapshot().objects().of(section)).stream()
                .noneMatch(object -> object.meta().name().equals(name)));
  }

  interface Check {
    boolean holds() throws Exception;
  }

  static void awaitTrue(Check check) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!check.holds()) {
      assertThat(System.nanoTime()).as("within %s", PATIENCE).isLessThan(end);
      Thread.sleep(20);
    }
  }
}
