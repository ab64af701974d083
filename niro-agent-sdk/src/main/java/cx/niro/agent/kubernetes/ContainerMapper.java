package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.Container.Env;
import cx.niro.core.snapshot.Container.Handler;
import cx.niro.core.snapshot.Container.Port;
import cx.niro.core.snapshot.Container.Probe;
import cx.niro.core.snapshot.Container.SecurityContext;
import cx.niro.core.snapshot.Container.VolumeMount;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A container from its JSON. Values of environment variables are not read at all.
 *
 * @param hostPathVolumes the pod's volumes whose mounts are of interest
 */
record ContainerMapper(Set<String> hostPathVolumes) {
  private static final int IMAGE = 512;
  private static final int PATH = 128;
  private static final Pattern SECRET =
      Pattern.compile(
          "PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|(API|ACCESS|PRIVATE|SIGNING|ENCRYPTION)[_-]?KEY");

  @Nullable Container map(Json container) {
    String name = container.text("name");
    if (name == null) {
      return null;
    }
    Json resources = container.child("resources");
    Json lifecycle = container.child("lifecycle");
    return new Container(
        name,
        container.text("image", IMAGE),
        container.text("imagePullPolicy"),
        container.text("restartPolicy"),
        resources.child("requests", Metadata::resources),
        resources.child("limits", Metadata::resources),
        container.list("ports", ContainerMapper::port),
        container.child("livenessProbe", ContainerMapper::probe),
        container.child("readinessProbe", ContainerMapper::probe),
        container.child("startupProbe", ContainerMapper::probe),
        lifecycle.child("postStart", ContainerMapper::hook),
        lifecycle.child("preStop", ContainerMapper::hook),
        container.list("volumeMounts", this::mount),
        env(container),
        container.child("securityContext", ContainerMapper::security));
  }

  private static Port port(Json port) {
    return new Port(
        port.text("name"),
        port.integer("containerPort"),
        port.integer("hostPort"),
        port.text("protocol"));
  }

  private static Probe probe(Json probe) {
    String handler = handler(probe);
    Json target = target(probe, handler);
    return new Probe(
        handler,
        target.text("port"),
        target.text("host"),
        pathHash(target.text("path", 4096)),
        probe.integer("initialDelaySeconds"),
        probe.integer("periodSeconds"),
        probe.integer("timeoutSeconds"),
        probe.integer("failureThreshold"),
        probe.integer("successThreshold"));
  }

  private static Handler hook(Json hook) {
    String handler = handler(hook);
    return new Handler(handler, target(hook, handler).text("host"));
  }

  private static @Nullable String handler(Json action) {
    if (action.has("httpGet")) {
      return "http";
    }
    if (action.has("tcpSocket")) {
      return "tcp";
    }
    return List.of("grpc", "exec", "sleep").stream().filter(action::has).findFirst().orElse(null);
  }

  private static Json target(Json action, @Nullable String handler) {
    if (handler == null) {
      return Json.of(null);
    }
    return action.child(
        switch (handler) {
          case "http" -> "httpGet";
          case "tcp" -> "tcpSocket";
          default -> handler;
        });
  }

  /** Equal paths have equal hashes; the path itself may say more than the server needs. */
  private static @Nullable String pathHash(@Nullable String path) {
    return path == null ? null : Hashes.of(path).substring(0, 8);
  }

  private @Nullable VolumeMount mount(Json mount) {
    String volume = mount.text("name");
    return volume == null || !hostPathVolumes.contains(volume)
        ? null
        : new VolumeMount(volume, mount.flag("readOnly"), mount.text("mountPath", PATH));
  }

  private static @Nullable Env env(Json container) {
    List<String> plain = container.list("env", ContainerMapper::plainSecret);
    long references =
        container
            .list("env", variable -> variable.child("valueFrom").child("secretKeyRef", key -> key))
            .size();
    boolean wholeSecret =
        container.list("envFrom", source -> source.child("secretRef", key -> key)).stream()
            .anyMatch(Objects::nonNull);
    return plain.isEmpty() && references == 0 && !wholeSecret
        ? null
        : new Env(plain, (int) references, wholeSecret);
  }

  /** The name of a variable whose literal value is probably secret. */
  private static @Nullable String plainSecret(Json variable) {
    String name = variable.text("name");
    boolean literal = variable.has("value") && !Objects.equals(variable.text("value", 1), "");
    return name != null && literal && SECRET.matcher(name.toUpperCase(Locale.ROOT)).find()
        ? name
        : null;
  }

  private static SecurityContext security(Json context) {
    Json capabilities = context.child("capabilities");
    return new SecurityContext(
        context.flag("privileged"),
        context.flag("allowPrivilegeEscalation"),
        context.flag("readOnlyRootFilesystem"),
        context.number("runAsUser"),
        context.number("runAsGroup"),
        context.flag("runAsNonRoot"),
        capabilities.texts("add"),
        capabilities.texts("drop"),
        context.text("procMount"),
        context.child("seccompProfile").text("type"),
        context.child("appArmorProfile").text("type"),
        PodSpecMapper.seLinux(context),
        context.child("windowsOptions").flag("hostProcess"));
  }
}
