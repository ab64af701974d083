package cx.niro.core.policy.rules;

import static cx.niro.core.Severity.HIGH;
import static cx.niro.core.Severity.INFO;
import static cx.niro.core.Severity.LOW;
import static cx.niro.core.Severity.MEDIUM;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.policy.PolicyContext;
import cx.niro.core.policy.PolicyProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestrictedStandardTest {
  private static final PolicyContext RESTRICTED =
      PolicyContext.of(Environment.STAGING).with(PolicyProfile.RESTRICTED);

  private static String container(String context) {
    return "{'containers': [{'name': 'app', 'securityContext': {%s}}]}".formatted(context);
  }

  private static String pod(String context, String ofContainer) {
    return "{'securityContext': {%s}, 'containers': [{'name': 'app', 'securityContext': {%s}}]}"
        .formatted(context, ofContainer);
  }

  private static Judged judged(String rule, String template) {
    return Judged.template(rule, template).under(RESTRICTED);
  }

  private static String state(String rule, int minor, String template) {
    return Judged.template(rule, template).under(RESTRICTED.kubernetes(minor)).state();
  }

  private static String own(String template, String members) {
    return "{%s, %s".formatted(members, template.substring(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
        "none"
      })
  void kinds_of_volume_that_are_allowed(String type) {
    assertThat(judged("pss-volume-types", volume(type)).state()).isEqualTo("pass");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hostPath", "nfs", "gcePersistentDisk", "gitRepo", "iscsi", "ConfigMap"})
  void kinds_of_volume_that_are_not(String type) {
    assertThat(judged("pss-volume-types", volume(type)).evidence())
        .containsEntry("volumes", List.of("v"))
        .containsEntry("types", List.of(type));
  }

  private static String volume(String type) {
    return "{'volumes': [{'name': 'v', 'type': '%s'}], 'containers': [{'name': 'app'}]}"
        .formatted(type);
  }

  @Test
  void severities_are_full_in_the_profile_and_one_lower_outside() {
    String nfs = volume("nfs");
    assertThat(judged("pss-volume-types", nfs).severities()).containsExactly(LOW, MEDIUM, MEDIUM);
    assertThat(Judged.template("pss-volume-types", nfs).severities())
        .containsExactly(INFO, LOW, LOW);
    String root = container("'runAsUser': 0");
    assertThat(judged("pss-run-as-user", root).severities()).containsExactly(MEDIUM, MEDIUM, HIGH);
    assertThat(Judged.template("pss-run-as-user", root).severities())
        .containsExactly(LOW, LOW, MEDIUM);
    assertThat(judged("pss-run-as-non-root", root).severities()).containsExactly(LOW, MEDIUM, HIGH);
    assertThat(judged("pss-allow-privilege-escalation", root).severities())
        .containsExactly(LOW, MEDIUM, HIGH);
    assertThat(judged("pss-seccomp-restricted", root).severities())
        .containsExactly(LOW, MEDIUM, MEDIUM);
    assertThat(judged("pss-capabilities-restricted", root).severities())
        .containsExactly(LOW, MEDIUM, MEDIUM);
  }

  @Test
  void privilege_escalation_must_be_denied_by_each_container() {
    String rule = "pss-allow-privilege-escalation";
    assertThat(judged(rule, container("'allowPrivilegeEscalation': false")).state())
        .isEqualTo("pass");
    assertThat(judged(rule, container("'allowPrivilegeEscalation': true")).state())
        .isEqualTo("fail");
    assertThat(judged(rule, container("")).state()).isEqualTo("fail");
    assertThat(judged(rule, "{'containers': [{'name': 'app'}]}").state()).isEqualTo("fail");
    assertThat(state(rule, 8, container(""))).isEqualTo("fail");
    assertThat(state(rule, 7, container(""))).isEqualTo("not_applicable");
  }

  @ParameterizedTest
  @CsvSource({
    "pss-allow-privilege-escalation",
    "pss-seccomp-restricted",
    "pss-capabilities-restricted"
  })
  void windows_is_spared_from_1_25(String rule) {
    String windows = own(container(""), "'osName': 'windows'");
    assertThat(state(rule, 25, windows)).isEqualTo("not_applicable");
    assertThat(state(rule, 24, windows)).isEqualTo("fail");
    assertThat(state(rule, 25, own(container(""), "'osName': 'linux'"))).isEqualTo("fail");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'runAsNonRoot': true|'runAsNonRoot': true|pass",
        "'runAsNonRoot': true||pass",
        "|'runAsNonRoot': true|pass",
        "||fail",
        "'runAsNonRoot': true|'runAsNonRoot': false|fail",
        "'runAsNonRoot': false|'runAsNonRoot': true|fail",
        "'runAsUser': 1000||fail"
      })
  void run_as_non_root_is_promised_by_the_pod_or_by_each_container(
      String pod, String container, String state) {
    String template = pod(pod == null ? "" : pod, container == null ? "" : container);
    assertThat(judged("pss-run-as-non-root", template).state()).isEqualTo(state);
  }

  @Test
  void one_container_without_the_promise_is_enough() {
    String template =
        "{'initContainers': [{'name': 'init'}], 'containers': [{'name': 'app', 'securityContext': {'runAsNonRoot': true}}]}";
    assertThat(judged("pss-run-as-non-root", template).evidence())
        .containsEntry("containers", List.of("init"));
  }

  @Test
  void user_0_at_the_pod_counts_even_if_each_container_overrides_it() {
    String rule = "pss-run-as-user";
    assertThat(judged(rule, pod("'runAsUser': 0", "'runAsUser': 1000")).state()).isEqualTo("fail");
    assertThat(judged(rule, pod("'runAsUser': 1000", "'runAsUser': 0")).state()).isEqualTo("fail");
    assertThat(judged(rule, pod("'runAsUser': 1000", "")).state()).isEqualTo("pass");
    assertThat(state(rule, 23, container("'runAsUser': 0"))).isEqualTo("fail");
    assertThat(state(rule, 22, container("'runAsUser': 0"))).isEqualTo("not_applicable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pss-run-as-user", "pss-run-as-non-root"})
  void a_user_namespace_of_its_own_is_spared_from_1_35(String rule) {
    String template = own(container("'runAsUser': 0"), "'host': {'users': false}");
    assertThat(state(rule, 35, template)).isEqualTo("not_applicable");
    assertThat(state(rule, 34, template)).isEqualTo("fail");
    assertThat(state(rule, 35, template.replace("false", "true"))).isEqualTo("fail");
  }

  @ParameterizedTest
  @CsvSource({
    "RuntimeDefault, , pass",
    ", RuntimeDefault, pass",
    "Localhost, , pass",
    ", , fail",
    "Unconfined, RuntimeDefault, fail",
    "RuntimeDefault, Unconfined, fail",
    ", Unconfined, fail"
  })
  void seccomp_is_set_by_the_pod_or_by_each_container(String pod, String container, String state) {
    String form = "'seccompProfileType': '%s'";
    String template =
        pod(
            pod == null ? "" : form.formatted(pod),
            container == null ? "" : form.formatted(container));
    assertThat(judged("pss-seccomp-restricted", template).state()).isEqualTo(state);
    assertThat(state("pss-seccomp-restricted", 18, template)).isEqualTo("not_applicable");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'capabilitiesDrop': ['ALL']|pass",
        "'capabilitiesDrop': ['ALL'], 'capabilitiesAdd': ['NET_BIND_SERVICE']|pass",
        "'capabilitiesDrop': ['ALL'], 'capabilitiesAdd': ['CHOWN']|fail",
        "'capabilitiesDrop': ['all']|fail",
        "'capabilitiesDrop': ['NET_RAW', 'SYS_ADMIN']|fail",
        "'capabilitiesAdd': ['NET_BIND_SERVICE']|fail",
        "'privileged': false|fail"
      })
  void capabilities_are_dropped_by_one_exact_word(String context, String state) {
    assertThat(judged("pss-capabilities-restricted", container(context)).state()).isEqualTo(state);
  }

  @Test
  void dropping_all_in_lower_case_comes_with_a_hint() {
    assertThat(
            judged("pss-capabilities-restricted", container("'capabilitiesDrop': ['all']"))
                .evidence())
        .containsEntry("hint", List.of("\"all\" does not count, use \"ALL\""));
    assertThat(state("pss-capabilities-restricted", 21, container(""))).isEqualTo("not_applicable");
  }

  @Test
  void an_unmasked_proc_is_not_spared_for_its_own_users() {
    String template = own(container("'procMount': 'Unmasked'"), "'host': {'users': false}");
    assertThat(state("pss-proc-mount-restricted", 35, template)).isEqualTo("fail");
    assertThat(state("pss-proc-mount-restricted", 34, template)).isEqualTo("not_applicable");
    assertThat(state("pss-proc-mount", 34, template)).isEqualTo("fail");
    assertThat(state("pss-proc-mount", 35, template)).isEqualTo("not_applicable");
  }
}
