package cx.niro.core.policy.rules;

import static cx.niro.core.Severity.HIGH;
import static cx.niro.core.Severity.LOW;
import static cx.niro.core.Severity.MEDIUM;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The controls of "baseline", each broken at every place where it can be, and kept. */
class PodSecurityStandardsTest {
  private static final String APP = "'containers': [{'name': 'app'}]";

  private static String pod(String members) {
    return "{%s, %s}".formatted(members, APP);
  }

  private static String context(String members) {
    return pod("'securityContext': {%s}".formatted(members));
  }

  private static String container(String members) {
    return "{'containers': [{'name': 'app', %s}]}".formatted(members);
  }

  private static String containerContext(String members) {
    return container("'securityContext': {%s}".formatted(members));
  }

  private static String init(String members) {
    return "{'initContainers': [{'name': 'init', 'securityContext': {%s}}], %s}"
        .formatted(members, APP);
  }

  private static String ephemeral(String members) {
    return "{'ephemeralContainers': [{'name': 'debug', 'securityContext': {%s}}], %s}"
        .formatted(members, APP);
  }

  private static String state(String rule, String template) {
    return Judged.template(rule, template).state();
  }

  private static String state(String rule, int minor, String template) {
    return Judged.template(rule, template).kubernetes(minor).state();
  }

  /** Broken by any container, of whichever kind. */
  private static void isBrokenByEachContainer(String rule, String member) {
    assertThat(Judged.template(rule, containerContext(member)).evidence())
        .containsEntry("containers", List.of("app"));
    assertThat(Judged.template(rule, init(member)).evidence())
        .containsEntry("containers", List.of("init"));
    assertThat(Judged.template(rule, ephemeral(member)).evidence())
        .containsEntry("containers", List.of("debug"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pss-host-process",
        "pss-host-namespaces",
        "pss-capabilities-baseline",
        "pss-host-path",
        "pss-host-port",
        "pss-probe-host",
        "pss-apparmor",
        "pss-selinux",
        "pss-proc-mount",
        "pss-seccomp-baseline",
        "pss-sysctls",
        "pss-volume-types",
        "pss-run-as-user",
        "pss-proc-mount-restricted",
        "privileged-container"
      })
  void a_pod_that_asks_for_nothing_passes(String rule) {
    assertThat(state(rule, "{" + APP + "}")).isEqualTo("pass");
    assertThat(state(rule, "{'containers': [{'name': 'app', 'securityContext': {}}]}"))
        .isEqualTo("pass");
  }

  @Test
  void host_process() {
    assertThat(
            Judged.template("pss-host-process", context("'windowsHostProcess': true")).severities())
        .containsExactly(MEDIUM, HIGH, HIGH);
    isBrokenByEachContainer("pss-host-process", "'windowsHostProcess': true");
    assertThat(state("pss-host-process", context("'windowsHostProcess': false"))).isEqualTo("pass");
  }

  @Test
  void host_namespaces() {
    for (String field : List.of("pid", "ipc")) {
      Judged judged =
          Judged.template("pss-host-namespaces", pod("'host': {'%s': true}".formatted(field)));
      assertThat(judged.severities()).containsExactly(MEDIUM, HIGH, HIGH);
    }
    Judged network = Judged.template("pss-host-namespaces", pod("'host': {'network': true}"));
    assertThat(network.severities()).containsExactly(MEDIUM, MEDIUM, HIGH);
    assertThat(network.evidence()).containsEntry("pod", List.of("hostNetwork"));
    assertThat(
            Judged.template("pss-host-namespaces", pod("'host': {'network': true, 'pid': true}"))
                .severities())
        .containsExactly(MEDIUM, HIGH, HIGH);
    assertThat(
            state(
                "pss-host-namespaces",
                pod("'host': {'network': false, 'pid': false, 'ipc': false, 'users': true}")))
        .isEqualTo("pass");
  }

  @Test
  void capabilities_are_a_list_and_read_exactly() {
    isBrokenByEachContainer("pss-capabilities-baseline", "'capabilitiesAdd': ['NET_RAW']");
    for (String name : List.of("NET_RAW", "ALL", "CAP_CHOWN", "chown", "SYS_PTRACE", "")) {
      assertThat(
              state(
                  "pss-capabilities-baseline",
                  containerContext("'capabilitiesAdd': ['CHOWN', '%s']".formatted(name))))
          .isEqualTo("fail");
    }
    String good =
        "'AUDIT_WRITE','CHOWN','DAC_OVERRIDE','FOWNER','FSETID','KILL','MKNOD','NET_BIND_SERVICE','SETFCAP','SETGID','SETPCAP','SETUID','SYS_CHROOT'";
    assertThat(
            state(
                "pss-capabilities-baseline",
                containerContext("'capabilitiesAdd': [%s]".formatted(good))))
        .isEqualTo("pass");
  }

  @Test
  void the_worst_capabilities_are_high_everywhere() {
    assertThat(
            Judged.template(
                    "pss-capabilities-baseline", containerContext("'capabilitiesAdd': ['NET_RAW']"))
                .severities())
        .containsExactly(MEDIUM, HIGH, HIGH);
    for (String name : List.of("ALL", "SYS_ADMIN", "NET_ADMIN")) {
      assertThat(
              Judged.template(
                      "pss-capabilities-baseline",
                      containerContext("'capabilitiesAdd': ['%s']".formatted(name)))
                  .severities())
          .containsExactly(HIGH, HIGH, HIGH);
    }
  }

  @Test
  void host_paths() {
    Judged judged =
        Judged.template(
            "pss-host-path",
            pod(
                "'volumes': [{'name': 'a', 'type': 'emptyDir'}, {'name': 'b', 'type': 'hostPath', 'hostPath': '/var/run'}]"));
    assertThat(judged.severities()).containsExactly(MEDIUM, MEDIUM, HIGH);
    assertThat(judged.evidence())
        .containsEntry("volumes", List.of("b"))
        .containsEntry("paths", List.of("/var/run"));
  }

  @Test
  void host_ports() {
    String ports = "'ports': [{'containerPort': 80, 'hostPort': 8080}]";
    Judged judged = Judged.template("pss-host-port", container(ports));
    assertThat(judged.severities()).containsExactly(LOW, MEDIUM, HIGH);
    assertThat(judged.evidence()).containsEntry("ports", List.of("8080"));
    assertThat(
            state(
                "pss-host-port",
                container(
                    "'ports': [{'containerPort': 80}, {'containerPort': 81, 'hostPort': 0}]")))
        .isEqualTo("pass");
  }

  @Test
  void ports_of_a_pod_on_the_network_of_its_node_are_told_once() {
    String template =
        "{'host': {'network': true}, 'containers': [{'name': 'app', 'ports': [{'hostPort': 80}]}]}";
    assertThat(state("pss-host-port", template)).isEqualTo("not_applicable");
    assertThat(state("pss-host-namespaces", template)).isEqualTo("fail");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"livenessProbe", "readinessProbe", "startupProbe", "postStart", "preStop"})
  void probes_and_hooks_that_name_a_host(String member) {
    String template = container("'%s': {'handler': 'http', 'host': '10.0.0.1'}".formatted(member));
    assertThat(state("pss-probe-host", 34, template)).isEqualTo("fail");
    assertThat(state("pss-probe-host", 33, template)).isEqualTo("not_applicable");
    assertThat(
            state(
                "pss-probe-host",
                container("'%s': {'handler': 'tcp', 'host': ''}".formatted(member))))
        .isEqualTo("pass");
    assertThat(Judged.template("pss-probe-host", template).severities())
        .containsExactly(LOW, MEDIUM, MEDIUM);
  }

  @Test
  void app_armor_by_field() {
    for (String type : List.of("RuntimeDefault", "Localhost")) {
      assertThat(state("pss-apparmor", context("'appArmorProfileType': '%s'".formatted(type))))
          .isEqualTo("pass");
    }
    assertThat(
            Judged.template("pss-apparmor", context("'appArmorProfileType': 'Unconfined'"))
                .severities())
        .containsExactly(MEDIUM, MEDIUM, HIGH);
    isBrokenByEachContainer("pss-apparmor", "'appArmorProfileType': 'Unconfined'");
    assertThat(state("pss-apparmor", context("'appArmorProfileType': ''"))).isEqualTo("fail");
  }

  @ParameterizedTest
  @CsvSource({
    "'', pass",
    "runtime/default, pass",
    "localhost/mine, pass",
    "unconfined, fail",
    "Runtime/Default, fail",
    "runtime/defaults, fail"
  })
  void app_armor_by_annotation_of_the_template(String value, String state) {
    String template =
        pod(
            "'annotations': {'container.apparmor.security.beta.kubernetes.io/app': '%s'}"
                .formatted(value));
    assertThat(state("pss-apparmor", template)).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'type': ''|30|pass",
        "'type': 'container_t'|30|pass",
        "'type': 'container_init_t'|30|pass",
        "'type': 'container_kvm_t'|30|pass",
        "'type': 'container_engine_t'|30|fail",
        "'type': 'container_engine_t'|31|pass",
        "'type': 'spc_t'|37|fail",
        "'user': 'system_u'|37|fail",
        "'user': ''|37|pass",
        "'role': 'system_r'|37|fail"
      })
  void se_linux(String options, int minor, String state) {
    String member = "'seLinuxOptions': {%s}".formatted(options);
    assertThat(state("pss-selinux", minor, context(member))).isEqualTo(state);
    assertThat(state("pss-selinux", minor, containerContext(member))).isEqualTo(state);
  }

  @Test
  void se_linux_is_high_in_production_only() {
    String member = "'seLinuxOptions': {'type': 'spc_t'}";
    isBrokenByEachContainer("pss-selinux", member);
    assertThat(Judged.template("pss-selinux", context(member)).severities())
        .containsExactly(MEDIUM, MEDIUM, HIGH);
  }

  @Test
  void proc_mount() {
    String unmasked = "'procMount': 'Unmasked'";
    isBrokenByEachContainer("pss-proc-mount", unmasked);
    assertThat(Judged.template("pss-proc-mount", containerContext(unmasked)).severities())
        .containsExactly(MEDIUM, HIGH, HIGH);
    assertThat(state("pss-proc-mount", containerContext("'procMount': 'Default'")))
        .isEqualTo("pass");
    String own =
        "{'host': {'users': false}, 'containers': [{'name': 'app', 'securityContext': {%s}}]}"
            .formatted(unmasked);
    assertThat(state("pss-proc-mount", 34, own)).isEqualTo("fail");
    assertThat(state("pss-proc-mount", 35, own)).isEqualTo("pass");
    assertThat(state("pss-proc-mount", 35, own.replace("false", "true"))).isEqualTo("fail");
  }

  @Test
  void seccomp_by_field_from_1_19() {
    isBrokenByEachContainer("pss-seccomp-baseline", "'seccompProfileType': 'Unconfined'");
    String unconfined = context("'seccompProfileType': 'Unconfined'");
    assertThat(Judged.template("pss-seccomp-baseline", unconfined).severities())
        .containsExactly(MEDIUM, MEDIUM, HIGH);
    assertThat(state("pss-seccomp-baseline", 19, unconfined)).isEqualTo("fail");
    assertThat(state("pss-seccomp-baseline", 18, unconfined)).isEqualTo("pass");
    for (String type : List.of("RuntimeDefault", "Localhost")) {
      assertThat(
              state("pss-seccomp-baseline", context("'seccompProfileType': '%s'".formatted(type))))
          .isEqualTo("pass");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "seccomp.security.alpha.kubernetes.io/pod, unconfined, fail",
    "seccomp.security.alpha.kubernetes.io/pod, '', fail",
    "seccomp.security.alpha.kubernetes.io/pod, runtime/default, pass",
    "seccomp.security.alpha.kubernetes.io/pod, docker/default, pass",
    "seccomp.security.alpha.kubernetes.io/pod, localhost/mine, pass",
    "container.seccomp.security.alpha.kubernetes.io/app, unconfined, fail",
    "container.seccomp.security.alpha.kubernetes.io/app, runtime/default, pass",
    "container.seccomp.security.alpha.kubernetes.io/other, unconfined, pass"
  })
  void seccomp_by_annotation_before_1_19(String name, String value, String state) {
    String template = pod("'annotations': {'%s': '%s'}".formatted(name, value));
    assertThat(state("pss-seccomp-baseline", 18, template)).isEqualTo(state);
    assertThat(state("pss-seccomp-baseline", 19, template)).isEqualTo("pass");
  }

  @ParameterizedTest
  @CsvSource({
    "kernel.shm_rmid_forced, 0",
    "net.ipv4.ip_local_port_range, 0",
    "net.ipv4.tcp_syncookies, 0",
    "net.ipv4.ping_group_range, 0",
    "net.ipv4.ip_unprivileged_port_start, 0",
    "net.ipv4.ip_local_reserved_ports, 27",
    "net.ipv4.tcp_keepalive_time, 29",
    "net.ipv4.tcp_fin_timeout, 29",
    "net.ipv4.tcp_keepalive_intvl, 29",
    "net.ipv4.tcp_keepalive_probes, 29",
    "net.ipv4.tcp_rmem, 32",
    "net.ipv4.tcp_wmem, 32",
    "net.ipv4.tcp_slow_start_after_idle, 37",
    "net.ipv4.tcp_notsent_lowat, 37",
    "kernel.msgmax, 1000",
    "net.ipv4.ip_forward, 1000"
  })
  void sysctls_are_safe_since_a_version(String name, int since) {
    String template = context("'sysctls': ['kernel.shm_rmid_forced', '%s']".formatted(name));
    if (since < 100) {
      assertThat(state("pss-sysctls", since, template)).isEqualTo("pass");
    }
    if (since > 0) {
      Judged before = Judged.template("pss-sysctls", template).kubernetes(since - 1);
      assertThat(before.evidence()).containsEntry("sysctls", List.of(name));
      assertThat(before.severities()).containsExactly(MEDIUM, MEDIUM, HIGH);
    }
  }
}
