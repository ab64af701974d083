package cx.niro.core.policy.rules;

import static cx.niro.core.Severity.HIGH;
import static cx.niro.core.Severity.LOW;
import static cx.niro.core.Severity.MEDIUM;

import cx.niro.core.policy.PodTemplate;
import cx.niro.core.policy.PolicyProfile;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.policy.Severities;
import cx.niro.core.policy.TemplateRule;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.Container.Handler;
import cx.niro.core.snapshot.Container.Port;
import cx.niro.core.snapshot.Container.Probe;
import cx.niro.core.snapshot.Container.SecurityContext;
import cx.niro.core.snapshot.PodSecurityContext;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.PodSpec.Volume;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The twelve controls of the Pod Security Standard "baseline". The one on privileged containers is
 * the policy {@code privileged-container}, which applies in every profile; those on AppArmor,
 * SELinux, seccomp and /proc are in {@link Confinement}. Source: Kubernetes' page "Pod Security
 * Standards" and its pod-security-admission, to 1.37.
 */
final class BaselineStandard {
  static final Severities MHH = Severities.of(MEDIUM, HIGH, HIGH);
  static final Severities MMH = Severities.of(MEDIUM, MEDIUM, HIGH);

  private static final Set<String> CAPABILITIES =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");
  private static final Set<String> WORST = Set.of("ALL", "SYS_ADMIN", "NET_ADMIN");

  private BaselineStandard() {}

  /** All but {@link #privileged}. */
  static List<PolicyRule> rules() {
    return Stream.of(hostRules(), otherRules()).flatMap(List::stream).toList();
  }

  private static List<PolicyRule> hostRules() {
    return List.of(
        rule(
            spec(
                "pss-host-process",
                MHH,
                "Runs as a Windows HostProcess",
                "Remove windowsOptions.hostProcess."),
            BaselineStandard::hostProcess),
        rule(
            spec(
                "pss-host-namespaces",
                MHH,
                "Shares namespaces of its node",
                "Remove hostNetwork, hostPID and hostIPC."),
            BaselineStandard::hostNamespaces),
        rule(
            spec(
                "pss-host-path",
                MMH,
                "Mounts a path of its node",
                "Use a persistent volume or another kind of volume instead of hostPath."),
            BaselineStandard::hostPath),
        rule(
            spec(
                "pss-host-port",
                Severities.of(LOW, MEDIUM, HIGH),
                "Takes a port of its node",
                "Use a Service instead of hostPort."),
            BaselineStandard::hostPort));
  }

  private static List<PolicyRule> otherRules() {
    return List.of(
        rule(
            spec(
                "pss-capabilities-baseline",
                MHH,
                "Adds capabilities beyond the default",
                "Remove them from capabilities.add."),
            BaselineStandard::capabilities),
        rule(
            spec(
                    "pss-probe-host",
                    Severities.of(LOW, MEDIUM, MEDIUM),
                    "Probe or hook that calls another host",
                    "Remove host from probes and life cycle hooks; they then call the pod.")
                .since(34),
            BaselineStandard::probeHost),
        rule(
            spec(
                "pss-sysctls",
                MMH,
                "Sets kernel parameters that are not safe",
                "Remove them from securityContext.sysctls."),
            Sysctls::judge));
  }

  static TemplateRule privileged() {
    PolicySpec spec =
        PolicySpec.of(
            "privileged-container",
            Severities.of(HIGH),
            "Container runs privileged",
            "Remove securityContext.privileged; add the one capability that is needed instead.");
    return rule(
        spec,
        template ->
            new Broken()
                .containers(
                    Fields.containers(template, one -> Boolean.TRUE.equals(one.privileged())))
                .verdict("Container runs privileged"));
  }

  static PolicySpec spec(String id, Severities severities, String title, String fix) {
    return PolicySpec.of(id, severities, title, fix).in(PolicyProfile.BASELINE);
  }

  static TemplateRule rule(PolicySpec spec, Function<PodTemplate, PolicyVerdict> judge) {
    return TemplateRule.of(spec, judge);
  }

  private static PolicyVerdict hostProcess(PodTemplate template) {
    Boolean pod = Fields.pod(template, PodSecurityContext::windowsHostProcess);
    return new Broken()
        .pod("securityContext.windowsOptions.hostProcess", Boolean.TRUE.equals(pod))
        .containers(
            Fields.containers(template, one -> Boolean.TRUE.equals(one.windowsHostProcess())))
        .verdict("Runs as a Windows HostProcess");
  }

  private static PolicyVerdict hostNamespaces(PodTemplate template) {
    PodSpec.Host host = template.spec().host();
    if (host == null) {
      return PolicyVerdict.pass();
    }
    boolean network = Boolean.TRUE.equals(host.network());
    boolean more = Boolean.TRUE.equals(host.pid()) || Boolean.TRUE.equals(host.ipc());
    PolicyVerdict verdict =
        new Broken()
            .pod("hostNetwork", network)
            .pod("hostPID", Boolean.TRUE.equals(host.pid()))
            .pod("hostIPC", Boolean.TRUE.equals(host.ipc()))
            .verdict("Shares namespaces of its node");
    return network && !more ? verdict.with(MMH) : verdict;
  }

  private static PolicyVerdict capabilities(PodTemplate template) {
    List<String> added =
        template.allContainers().stream()
            .flatMap(BaselineStandard::added)
            .filter(name -> !CAPABILITIES.contains(name))
            .distinct()
            .toList();
    PolicyVerdict verdict =
        new Broken()
            .containers(
                template.namesOf(one -> added(one).anyMatch(name -> !CAPABILITIES.contains(name))))
            .by("capabilities", added)
            .verdict("Adds capabilities beyond the default");
    return added.stream().anyMatch(WORST::contains) ? verdict.with(HIGH) : verdict;
  }

  static Stream<String> added(Container container) {
    SecurityContext context = container.securityContext();
    return context == null ? Stream.empty() : context.capabilitiesAdd().stream();
  }

  private static PolicyVerdict hostPath(PodTemplate template) {
    List<Volume> mounted =
        template.spec().volumes().stream().filter(one -> one.type().equals("hostPath")).toList();
    return new Broken()
        .by("volumes", mounted.stream().map(Volume::name).toList())
        .by("paths", mounted.stream().map(Volume::hostPath).filter(Objects::nonNull).toList())
        .verdict("Mounts a path of its node");
  }

  /** With hostNetwork the API server sets every port's hostPort: one finding tells that. */
  private static PolicyVerdict hostPort(PodTemplate template) {
    PodSpec.Host host = template.spec().host();
    if (host != null && Boolean.TRUE.equals(host.network())) {
      return PolicyVerdict.notApplicable("it shares the network of its node");
    }
    return new Broken()
        .containers(template.namesOf(one -> hostPorts(one).findAny().isPresent()))
        .by("ports", template.allContainers().stream().flatMap(one -> hostPorts(one)).toList())
        .verdict("Takes a port of its node");
  }

  private static Stream<String> hostPorts(Container container) {
    return container.ports().stream()
        .map(Port::hostPort)
        .filter(port -> port != null && port != 0)
        .map(String::valueOf);
  }

  private static PolicyVerdict probeHost(PodTemplate template) {
    return new Broken()
        .containers(template.namesOf(one -> callsHost(one)))
        .verdict("Probe or hook that calls another host");
  }

  private static boolean callsHost(Container container) {
    return isSet(container.livenessProbe())
        || isSet(container.readinessProbe())
        || isSet(container.startupProbe())
        || isSet(container.postStart())
        || isSet(container.preStop());
  }

  private static boolean isSet(@Nullable Probe probe) {
    return probe != null && probe.host() != null && !probe.host().isEmpty();
  }

  private static boolean isSet(@Nullable Handler hook) {
    return hook != null && hook.host() != null && !hook.host().isEmpty();
  }
}
