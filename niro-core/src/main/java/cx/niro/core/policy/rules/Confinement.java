package cx.niro.core.policy.rules;

import static cx.niro.core.policy.rules.BaselineStandard.MHH;
import static cx.niro.core.policy.rules.BaselineStandard.MMH;
import static cx.niro.core.policy.rules.BaselineStandard.rule;
import static cx.niro.core.policy.rules.BaselineStandard.spec;

import cx.niro.core.policy.PodTemplate;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.snapshot.Container.SecurityContext;
import cx.niro.core.snapshot.PodSecurityContext;
import cx.niro.core.snapshot.PodSecurityContext.SeLinuxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The controls of "baseline" on what confines a container: AppArmor, SELinux, seccomp, /proc. */
final class Confinement {
  static final Set<String> PROFILES = Set.of("RuntimeDefault", "Localhost");
  private static final Set<String> SELINUX_TYPES =
      Set.of("", "container_t", "container_init_t", "container_kvm_t");
  private static final String SELINUX_ENGINE = "container_engine_t";
  private static final int SELINUX_ENGINE_SINCE = 31;
  private static final String APPARMOR = "container.apparmor.security.beta.kubernetes.io/";
  private static final String SECCOMP = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String SECCOMP_OF = "container.seccomp.security.alpha.kubernetes.io/";
  private static final int SECCOMP_FIELD_SINCE = 19;
  private static final int PROC_OF_OWN_USERS_SINCE = 35;

  private Confinement() {}

  static List<PolicyRule> rules() {
    return List.of(
        rule(
            spec(
                "pss-apparmor",
                MMH,
                "Runs outside of AppArmor's default profile",
                "Set appArmorProfile.type to RuntimeDefault or Localhost, or remove it."),
            Confinement::appArmor),
        rule(
            spec(
                "pss-selinux",
                MMH,
                "Sets an SELinux user, role or uncommon type",
                "Remove user and role from seLinuxOptions, and any type but a container's."),
            Confinement::seLinux),
        rule(
            spec(
                "pss-proc-mount",
                MHH,
                "Sees an unmasked /proc",
                "Remove securityContext.procMount."),
            template ->
                template.kubernetesMinor() >= PROC_OF_OWN_USERS_SINCE && template.hasOwnUsers()
                    ? PolicyVerdict.pass()
                    : procMount(template)),
        rule(
            spec(
                "pss-seccomp-baseline",
                MMH,
                "Runs without seccomp",
                "Set seccompProfile.type to RuntimeDefault or Localhost, or remove it."),
            Confinement::seccomp));
  }

  static PolicyVerdict procMount(PodTemplate template) {
    return new Broken()
        .containers(
            Fields.containers(
                template, one -> one.procMount() != null && !one.procMount().equals("Default")))
        .verdict("Sees an unmasked /proc");
  }

  private static PolicyVerdict appArmor(PodTemplate template) {
    List<String> annotations = new ArrayList<>();
    for (Map.Entry<String, String> each : template.annotations().entrySet()) {
      String value = each.getValue();
      boolean good =
          value.isEmpty() || value.equals("runtime/default") || value.startsWith("localhost/");
      if (each.getKey().startsWith(APPARMOR) && !good) {
        annotations.add(each.getKey() + "=" + value);
      }
    }
    String pod = Fields.pod(template, PodSecurityContext::appArmorProfileType);
    return new Broken()
        .by("annotations", annotations.stream().sorted().toList())
        .pod("securityContext.appArmorProfile.type", isBad(pod))
        .containers(Fields.containers(template, one -> isBad(one.appArmorProfileType())))
        .verdict("Runs outside of AppArmor's default profile");
  }

  private static PolicyVerdict seLinux(PodTemplate template) {
    SeLinuxOptions pod = Fields.pod(template, PodSecurityContext::seLinuxOptions);
    int minor = template.kubernetesMinor();
    return new Broken()
        .pod("securityContext.seLinuxOptions", isBad(pod, minor))
        .containers(Fields.containers(template, one -> isBad(one.seLinuxOptions(), minor)))
        .verdict("Sets an SELinux user, role or uncommon type");
  }

  private static boolean isBad(@Nullable SeLinuxOptions options, int minor) {
    if (options == null) {
      return false;
    }
    String type = Objects.requireNonNullElse(options.type(), "");
    boolean common =
        SELINUX_TYPES.contains(type)
            || (type.equals(SELINUX_ENGINE) && minor >= SELINUX_ENGINE_SINCE);
    return !common || isSet(options.user()) || isSet(options.role());
  }

  private static PolicyVerdict seccomp(PodTemplate template) {
    return template.kubernetesMinor() < SECCOMP_FIELD_SINCE
        ? seccompAnnotations(template)
        : badSeccomp(template).verdict("Runs without seccomp");
  }

  /** Where a level sets a profile that is none. */
  static Broken badSeccomp(PodTemplate template) {
    return new Broken()
        .pod(
            "securityContext.seccompProfile.type",
            isBad(Fields.pod(template, PodSecurityContext::seccompProfileType)))
        .containers(Fields.containers(template, one -> isBad(one.seccompProfileType())))
        .by(
            "profiles",
            Fields.values(
                    template,
                    PodSecurityContext::seccompProfileType,
                    SecurityContext::seccompProfileType)
                .stream()
                .filter(Confinement::isBad)
                .toList());
  }

  private static PolicyVerdict seccompAnnotations(PodTemplate template) {
    Map<String, String> annotations = template.annotations();
    return new Broken()
        .by("annotations", isBadSeccomp(annotations.get(SECCOMP)) ? List.of(SECCOMP) : List.of())
        .containers(template.namesOf(one -> isBadSeccomp(annotations.get(SECCOMP_OF + one.name()))))
        .verdict("Runs without seccomp");
  }

  private static boolean isBadSeccomp(@Nullable String value) {
    return value != null
        && !value.equals("runtime/default")
        && !value.equals("docker/default")
        && !value.startsWith("localhost/");
  }

  static boolean isBad(@Nullable String profile) {
    return profile != null && !PROFILES.contains(profile);
  }

  private static boolean isSet(@Nullable String text) {
    return text != null && !text.isEmpty();
  }
}
