package cx.niro.core.policy.rules;

import static cx.niro.core.Severity.HIGH;
import static cx.niro.core.Severity.LOW;
import static cx.niro.core.Severity.MEDIUM;
import static cx.niro.core.policy.rules.BaselineStandard.MMH;
import static cx.niro.core.policy.rules.BaselineStandard.rule;

import cx.niro.core.policy.PodTemplate;
import cx.niro.core.policy.PolicyId;
import cx.niro.core.policy.PolicyProfile;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.policy.Severities;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.Container.SecurityContext;
import cx.niro.core.snapshot.PodSecurityContext;
import cx.niro.core.snapshot.PodSpec.Volume;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The seven controls that the Pod Security Standard "restricted" adds. Source: Kubernetes' page
 * "Pod Security Standards" and its pod-security-admission, to 1.37.
 */
final class RestrictedStandard {
  private static final Severities LMM = Severities.of(LOW, MEDIUM, MEDIUM);
  private static final Severities LMH = Severities.of(LOW, MEDIUM, HIGH);
  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "image",
          "persistentVolumeClaim",
          "projected",
          "secret",
          "none");
  private static final int WINDOWS_SPARED_SINCE = 25;
  private static final int OWN_USERS_SPARED_SINCE = 35;

  private RestrictedStandard() {}

  static List<PolicyRule> rules() {
    return Stream.of(userRules(), otherRules()).flatMap(List::stream).toList();
  }

  private static List<PolicyRule> userRules() {
    return List.of(
        rule(
            spec(
                    "pss-allow-privilege-escalation",
                    LMH,
                    "May gain more privileges than its parent process",
                    "Set securityContext.allowPrivilegeEscalation to false.")
                .since(8),
            RestrictedStandard::privilegeEscalation),
        rule(
            spec(
                "pss-run-as-non-root",
                LMH,
                "May run as root",
                "Set securityContext.runAsNonRoot to true."),
            RestrictedStandard::runAsNonRoot),
        rule(
            spec(
                    "pss-run-as-user",
                    MMH,
                    "Runs as user 0",
                    "Set securityContext.runAsUser to another number than 0, or remove it.")
                .since(23),
            RestrictedStandard::runAsUser));
  }

  private static List<PolicyRule> otherRules() {
    return List.of(
        rule(
            spec(
                    "pss-volume-types",
                    LMM,
                    "Mounts a kind of volume that restricted does not allow",
                    "Use configMap, csi, downwardAPI, emptyDir, ephemeral, image,"
                        + " persistentVolumeClaim, projected or secret.")
                .replacing(new PolicyId("pss-host-path")),
            RestrictedStandard::volumeTypes),
        rule(
            spec(
                    "pss-seccomp-restricted",
                    LMM,
                    "Sets no seccomp profile",
                    "Set securityContext.seccompProfile.type to RuntimeDefault.")
                .since(19)
                .replacing(new PolicyId("pss-seccomp-baseline")),
            RestrictedStandard::seccomp),
        rule(
            spec(
                    "pss-capabilities-restricted",
                    LMM,
                    "Keeps capabilities",
                    "Set capabilities.drop to [\"ALL\"] and add no more than NET_BIND_SERVICE.")
                .since(22)
                .replacing(new PolicyId("pss-capabilities-baseline")),
            RestrictedStandard::capabilities),
        rule(
            spec(
                    "pss-proc-mount-restricted",
                    MMH,
                    "Sees an unmasked /proc",
                    "Remove securityContext.procMount.")
                .since(35)
                .replacing(new PolicyId("pss-proc-mount")),
            Confinement::procMount));
  }

  private static PolicySpec spec(String id, Severities severities, String title, String fix) {
    return PolicySpec.of(id, severities, title, fix).in(PolicyProfile.RESTRICTED);
  }

  /** A volume without a source is an emptyDir: so the API server fills it in. */
  private static PolicyVerdict volumeTypes(PodTemplate template) {
    List<Volume> others =
        template.spec().volumes().stream().filter(one -> !VOLUMES.contains(one.type())).toList();
    return new Broken()
        .by("volumes", others.stream().map(Volume::name).toList())
        .by("types", others.stream().map(Volume::type).toList())
        .verdict("Mounts a kind of volume that restricted does not allow");
  }

  private static PolicyVerdict privilegeEscalation(PodTemplate template) {
    if (isSparedWindows(template)) {
      return PolicyVerdict.notApplicable("it runs on Windows");
    }
    return new Broken()
        .containers(
            template.namesOf(
                one ->
                    !Boolean.FALSE.equals(
                        Fields.container(one, SecurityContext::allowPrivilegeEscalation))))
        .verdict("May gain more privileges than its parent process");
  }

  private static PolicyVerdict runAsNonRoot(PodTemplate template) {
    if (isSparedOwnUsers(template)) {
      return PolicyVerdict.notApplicable("it has a user namespace of its own");
    }
    Boolean pod = Fields.pod(template, PodSecurityContext::runAsNonRoot);
    boolean promised = Boolean.TRUE.equals(pod);
    return new Broken()
        .pod("securityContext.runAsNonRoot", Boolean.FALSE.equals(pod))
        .containers(template.namesOf(one -> mayBeRoot(one, promised)))
        .verdict("May run as root");
  }

  private static boolean mayBeRoot(Container container, boolean promised) {
    Boolean own = Fields.container(container, SecurityContext::runAsNonRoot);
    return own == null ? !promised : !own;
  }

  private static PolicyVerdict runAsUser(PodTemplate template) {
    if (isSparedOwnUsers(template)) {
      return PolicyVerdict.notApplicable("it has a user namespace of its own");
    }
    Long pod = Fields.pod(template, PodSecurityContext::runAsUser);
    return new Broken()
        .pod("securityContext.runAsUser", pod != null && pod == 0)
        .containers(
            Fields.containers(template, one -> one.runAsUser() != null && one.runAsUser() == 0))
        .verdict("Runs as user 0");
  }

  private static PolicyVerdict seccomp(PodTemplate template) {
    if (isSparedWindows(template)) {
      return PolicyVerdict.notApplicable("it runs on Windows");
    }
    boolean pod = Fields.pod(template, PodSecurityContext::seccompProfileType) != null;
    List<String> unset =
        template.namesOf(one -> Fields.container(one, SecurityContext::seccompProfileType) == null);
    return Confinement.badSeccomp(template)
        .containers(pod ? List.of() : unset)
        .verdict("Sets no seccomp profile");
  }

  private static PolicyVerdict capabilities(PodTemplate template) {
    if (isSparedWindows(template)) {
      return PolicyVerdict.notApplicable("it runs on Windows");
    }
    List<String> lower = template.namesOf(one -> !drops(one, "ALL") && drops(one, "all"));
    return new Broken()
        .containers(template.namesOf(one -> !drops(one, "ALL") || addsMore(one)))
        .by("hint", lower.isEmpty() ? List.of() : List.of("\"all\" does not count, use \"ALL\""))
        .verdict("Keeps capabilities");
  }

  private static boolean drops(Container container, String name) {
    SecurityContext context = container.securityContext();
    return context != null && context.capabilitiesDrop().contains(name);
  }

  private static boolean addsMore(Container container) {
    return BaselineStandard.added(container).anyMatch(name -> !name.equals("NET_BIND_SERVICE"));
  }

  private static boolean isSparedWindows(PodTemplate template) {
    return template.kubernetesMinor() >= WINDOWS_SPARED_SINCE
        && Objects.equals(template.spec().osName(), "windows");
  }

  private static boolean isSparedOwnUsers(PodTemplate template) {
    return template.kubernetesMinor() >= OWN_USERS_SPARED_SINCE && template.hasOwnUsers();
  }
}
