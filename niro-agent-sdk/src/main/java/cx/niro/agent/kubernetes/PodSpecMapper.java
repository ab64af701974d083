package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.PodSecurityContext;
import cx.niro.core.snapshot.PodSecurityContext.SeLinuxOptions;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.PodSpec.Host;
import cx.niro.core.snapshot.PodSpec.Scheduling;
import cx.niro.core.snapshot.PodSpec.Volume;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a pod or a template asks for, from its JSON. */
final class PodSpecMapper {
  private static final int PATH = 128;

  /** Injected into each pod under a name of its own; equal pods would differ by it. */
  private static final String TOKEN_VOLUME = "kube-api-access-";

  private PodSpecMapper() {}

  static PodSpec map(Json spec) {
    return map(spec, Map.of());
  }

  /** A template, whose annotations are its pods'. */
  static PodSpec template(Json template) {
    return map(template.child("spec"), Metadata.annotations(template));
  }

  private static PodSpec map(Json spec, Map<String, String> annotations) {
    List<Volume> volumes = spec.list("volumes", PodSpecMapper::volume);
    Set<String> hostPaths =
        volumes.stream()
            .filter(volume -> volume.type().equals("hostPath"))
            .map(Volume::name)
            .collect(Collectors.toSet());
    ContainerMapper containers = new ContainerMapper(hostPaths);
    return new PodSpec(
        spec.text("restartPolicy"),
        spec.text("serviceAccountName"),
        spec.flag("automountServiceAccountToken"),
        host(spec),
        spec.child("os").text("name"),
        spec.text("runtimeClassName"),
        spec.text("priorityClassName"),
        spec.integer("priority"),
        spec.list("imagePullSecrets", secret -> secret.text("name")),
        null,
        scheduling(spec),
        spec.number("terminationGracePeriodSeconds"),
        spec.child("overhead", Metadata::resources),
        spec.child("securityContext", PodSpecMapper::security),
        volumes,
        spec.list("initContainers", containers::map),
        spec.list("containers", containers::map),
        spec.list("ephemeralContainers", containers::map),
        spec.child("resources").child("requests", Metadata::resources),
        spec.child("resources").child("limits", Metadata::resources),
        annotations);
  }

  private static @Nullable Host host(Json spec) {
    Host host =
        new Host(
            spec.flag("hostNetwork"),
            spec.flag("hostPID"),
            spec.flag("hostIPC"),
            spec.flag("hostUsers"));
    return host.equals(new Host(null, null, null, null)) ? null : host;
  }

  private static Scheduling scheduling(Json spec) {
    return new Scheduling(
        spec.size("schedulingGates"),
        spec.size("readinessGates"),
        spec.has("nodeSelector"),
        spec.size("tolerations"),
        spec.size("topologySpreadConstraints"),
        antiAffinity(spec.child("affinity").child("podAntiAffinity")));
  }

  private static String antiAffinity(Json affinity) {
    List<Json> required =
        affinity.list("requiredDuringSchedulingIgnoredDuringExecution", term -> term);
    List<Json> preferred =
        affinity.list(
            "preferredDuringSchedulingIgnoredDuringExecution",
            term -> term.child("podAffinityTerm"));
    if (required.stream().anyMatch(PodSpecMapper::byHostname)) {
      return "required";
    }
    return preferred.stream().anyMatch(PodSpecMapper::byHostname) ? "preferred" : "none";
  }

  private static boolean byHostname(Json term) {
    return Objects.equals(term.text("topologyKey"), "kubernetes.io/hostname");
  }

  private static PodSecurityContext security(Json context) {
    return new PodSecurityContext(
        context.number("runAsUser"),
        context.number("runAsGroup"),
        context.flag("runAsNonRoot"),
        context.number("fsGroup"),
        context.child("seccompProfile").text("type"),
        context.child("appArmorProfile").text("type"),
        seLinux(context),
        context.list("sysctls", sysctl -> sysctl.text("name")),
        context.child("windowsOptions").flag("hostProcess"));
  }

  static @Nullable SeLinuxOptions seLinux(Json context) {
    return context.child(
        "seLinuxOptions",
        options ->
            new SeLinuxOptions(options.text("type"), options.text("user"), options.text("role")));
  }

  private static @Nullable Volume volume(Json volume) {
    String name = volume.text("name");
    String type =
        volume.members().stream().filter(key -> !key.equals("name")).findFirst().orElse("none");
    if (name == null || (name.startsWith(TOKEN_VOLUME) && type.equals("projected"))) {
      return null;
    }
    return new Volume(
        name,
        Json.clip(type, Json.NAME),
        volume.child("hostPath").text("path", PATH),
        volume.child("hostPath").text("type"),
        volume.child("persistentVolumeClaim").text("claimName"));
  }
}
