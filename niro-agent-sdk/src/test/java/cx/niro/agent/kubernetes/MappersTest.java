package cx.niro.agent.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Resources;
import cx.niro.core.snapshot.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappersTest {
  private static Json json(String text) {
    return Json.of(TestCluster.parse(text));
  }

  @ParameterizedTest(name = "{0} is {1} units and {2} thousandths")
  @CsvSource({
    "100m, 1, 100",
    "1, 1, 1000",
    "0.5, 1, 500",
    "1Gi, 1073741824, 1073741824000",
    "1e3, 1000, 1000000",
    "1E3, 1000, 1000000",
    "12E, 9223372036854775807, 9223372036854775807",
    "128974848, 128974848, 128974848000",
    "1.5Ki, 1536, 1536000",
    "250431127n, 1, 251",
    "500u, 1, 1",
    "-2k, -2000, -2000000",
    ".5M, 500000, 500000000",
    "0, 0, 0"
  })
  void quantities_are_whole_numbers_rounded_up(String text, long units, long millis) {
    assertThat(Quantity.units(text)).isEqualTo(units);
    assertThat(Quantity.millis(text)).isEqualTo(millis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1Q", "1 Gi", "1e999999999", "--1", "1.2.3", "0x10"})
  void what_is_no_quantity_is_nothing(String text) {
    assertThat(Quantity.units(text)).isNull();
  }

  @Test
  void values_of_the_environment_are_never_read() {
    Container container =
        new ContainerMapper(java.util.Set.of())
            .map(
                json(
                    """
                    {'name':'app','env':[{'name':'API_KEY','value':'s3cr3t'},{'name':'db_password','value':'s3cr3t'},
                      {'name':'EMPTY_TOKEN','value':''},{'name':'PORT','value':'80'},{'name':'KEYBOARD','value':'x'},
                      {'name':'OTHER_TOKEN','valueFrom':{'secretKeyRef':{'name':'a','key':'b'}}}],
                     'envFrom':[{'secretRef':{'name':'all'}}]}
                    """));
    assertThat(container.env().plainSecretNames()).containsExactly("API_KEY", "db_password");
    assertThat(container.env().secretKeyRefCount()).isEqualTo(1);
    assertThat(container.env().envFromSecret()).isTrue();
    assertThat(container.toString()).doesNotContain("s3cr3t");
  }

  @Test
  void what_is_absent_is_neither_false_nor_zero() {
    Container bare = new ContainerMapper(java.util.Set.of()).map(json("{'name':'app'}"));
    assertThat(bare.requests()).isNull();
    assertThat(bare.securityContext()).isNull();
    assertThat(bare.livenessProbe()).isNull();
    Container empty =
        new ContainerMapper(java.util.Set.of())
            .map(json("{'name':'app','resources':{'limits':{'cpu':'0'}},'securityContext':{}}"));
    assertThat(empty.limits()).isEqualTo(new Resources(0L, null, null, null));
    assertThat(empty.securityContext().privileged()).isNull();
  }

  @Test
  void only_mounts_of_host_paths_are_kept_and_injected_tokens_are_left_out() {
    PodSpec spec =
        PodSpecMapper.map(
            json(
                """
                {'hostNetwork':true,'volumes':[{'name':'logs','hostPath':{'path':'/var/log','type':'Directory'}},{'name':'data','emptyDir':{}},
                   {'name':'claim','persistentVolumeClaim':{'claimName':'db'}},{'name':'kube-api-access-x1','projected':{}}],
                 'containers':[{'name':'app','volumeMounts':[{'name':'logs','mountPath':'/logs','readOnly':true},{'name':'data','mountPath':'/data'}]}],
                 'affinity':{'podAntiAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':1,'podAffinityTerm':{'topologyKey':'kubernetes.io/hostname'}}]}}}
                """));
    assertThat(spec.volumes())
        .extracting(PodSpec.Volume::type)
        .containsExactly("hostPath", "emptyDir", "persistentVolumeClaim");
    assertThat(spec.volumes().get(0).hostPath()).isEqualTo("/var/log");
    assertThat(spec.containers().get(0).volumeMounts()).hasSize(1);
    assertThat(spec.host().network()).isTrue();
    assertThat(spec.scheduling().antiAffinityHostname()).isEqualTo("preferred");
  }

  @Test
  void fields_of_a_surprising_type_read_as_absent() {
    PodSpec spec =
        PodSpecMapper.map(
            json(
                "{'hostNetwork':'yes','priority':'high','containers':{'name':'x'},'volumes':[7]}"));
    assertThat(spec.host()).isNull();
    assertThat(spec.priority()).isNull();
    assertThat(spec.containers()).isEmpty();
  }

  @Test
  void a_probe_tells_its_handler_and_never_its_path() {
    Container container =
        new ContainerMapper(java.util.Set.of())
            .map(
                json(
                    "{'name':'app','livenessProbe':{'httpGet':{'path':'/secret-path','port':'http'},'periodSeconds':5},'readinessProbe':{'tcpSocket':{'port':80}},'lifecycle':{'preStop':{'exec':{'command':['x']}}}}"));
    assertThat(container.livenessProbe().handler()).isEqualTo("http");
    assertThat(container.livenessProbe().port()).isEqualTo("http");
    assertThat(container.livenessProbe().pathHash()).hasSize(8);
    assertThat(container.readinessProbe().port()).isEqualTo("80");
    assertThat(container.preStop().handler()).isEqualTo("exec");
    assertThat(container.toString()).doesNotContain("secret-path");
  }

  @Test
  void workloads_of_each_kind_tell_their_own_figures() {
    Workload daemons =
        WorkloadMapper.daemonSet(
            json(
                "{'metadata':{'uid':'u','name':'d'},'spec':{'updateStrategy':{'type':'RollingUpdate','rollingUpdate':{'maxUnavailable':'10%'}}},'status':{'desiredNumberScheduled':3,'numberReady':2}}"));
    assertThat(daemons.replicas().desiredScheduled()).isEqualTo(3);
    assertThat(daemons.replicas().misscheduled()).isZero();
    assertThat(daemons.rollout().maxUnavailable()).isEqualTo("10%");
    assertThat(daemons.desiredReplicas()).isNull();
    Workload cron =
        WorkloadMapper.cronJob(
            json(
                "{'metadata':{'uid':'u','name':'c'},'spec':{'schedule':'@daily','suspend':true},'status':{'lastScheduleTime':'2026-01-05T08:00:00Z'}}"));
    assertThat(cron.cron().schedule()).isEqualTo("@daily");
    assertThat(cron.cron().lastScheduledAt()).isEqualTo(1767600000000L);
    assertThat(cron.suspended()).isTrue();
    assertThat(
            WorkloadMapper.replicaSet(
                json(
                    "{'metadata':{'uid':'u','name':'r','ownerReferences':[{'kind':'Deployment','name':'d','uid':'x','controller':true}]}}")))
        .isNull();
  }

  @Test
  void equal_templates_have_equal_hashes() {
    String object =
        "{'metadata':{'uid':'u','name':'d'},'spec':{'template':{'spec':{'containers':[{'name':'a','image':'%s'}]}}}}";
    assertThat(WorkloadMapper.deployment(json(object.formatted("x:1"))).templateHash())
        .isEqualTo(WorkloadMapper.statefulSet(json(object.formatted("x:1"))).templateHash())
        .isNotEqualTo(WorkloadMapper.deployment(json(object.formatted("x:2"))).templateHash());
  }

  @Test
  void a_template_brings_the_annotations_that_rules_read_and_its_own_amounts() {
    PodSpec template =
        WorkloadMapper.deployment(
                json(
                    """
                    {'metadata':{'uid':'u','name':'d'},'spec':{'template':{
                      'metadata':{'annotations':{'niro.cx/exempt-mutable-tag':'demo','kubectl.kubernetes.io/restartedAt':'now',
                        'container.seccomp.security.alpha.kubernetes.io/a':'unconfined','container.apparmor.security.beta.kubernetes.io/a':'unconfined'}},
                      'spec':{'containers':[{'name':'a'}],'resources':{'requests':{'cpu':'1'},'limits':{'memory':'1Ki'}}}}}}
                    """))
            .template();
    assertThat(template.annotations())
        .containsOnlyKeys(
            "niro.cx/exempt-mutable-tag",
            "container.seccomp.security.alpha.kubernetes.io/a",
            "container.apparmor.security.beta.kubernetes.io/a");
    assertThat(template.requests()).isEqualTo(new Resources(1000L, null, null, null));
    assertThat(template.limits()).isEqualTo(new Resources(null, 1024L, null, null));
  }

  @Test
  void annotations_are_bounded_in_number_and_length() {
    StringBuilder many = new StringBuilder("'niro.cx/long':'%s'".formatted("x".repeat(9000)));
    for (int i = 0; i < 2000; i++) {
      many.append(",'niro.cx/n%d':'v'".formatted(i));
    }
    var annotations =
        Metadata.of(json("{'metadata':{'uid':'u','name':'d','annotations':{%s}}}".formatted(many)))
            .annotations();
    assertThat(annotations).hasSize(64);
    assertThat(annotations.get("niro.cx/long")).hasSize(253);
  }

  @Test
  void sums_of_a_node_follow_the_scheduler() {
    PodSpec spec =
        PodSpecMapper.map(
            json(
                """
                {'containers':[{'name':'a','resources':{'requests':{'cpu':'100m'}}},{'name':'b','resources':{'requests':{'cpu':'200m'}}}],
                 'initContainers':[{'name':'side','restartPolicy':'Always','resources':{'requests':{'cpu':'50m'}}},{'name':'init','resources':{'requests':{'cpu':'1'}}}],
                 'overhead':{'cpu':'10m'}}
                """));
    var meta = cx.niro.core.snapshot.ObjectMeta.of("u", "default", "p", null);
    var pod =
        new cx.niro.core.snapshot.Pod(
            meta, "n", spec, PodMapper.map(json("{'metadata':{'uid':'u','name':'p'}}")).status());
    assertThat(PodLoad.byNode(java.util.List.of(pod)).get("n").cpuMillis()).isEqualTo(1060);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({"v1.34.2+k3s1, k3s", "v1.34.2+rke2r1, rke2", "v1.34.2-eks-abc, eks", "v1.34.2, "})
  void the_version_tells_the_distribution(String version, String distribution) {
    assertThat(Distribution.of(version)).isEqualTo(distribution);
  }

  @Test
  void waiting_grows_to_a_minute_and_is_never_in_step() {
    assertThat(Pace.afterFailure(1, 1)).isEqualTo(1000);
    assertThat(Pace.afterFailure(3, 0.5)).isEqualTo(2000);
    assertThat(Pace.afterFailure(50, 1)).isEqualTo(60_000);
    assertThat(Pace.watchSeconds(0)).isEqualTo(300);
    assertThat(Pace.watchSeconds(0.999)).isLessThanOrEqualTo(600);
  }
}
