package cx.niro.app.check;

import cx.niro.agent.kubernetes.KubernetesObjects;
import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import cx.niro.app.Terminal;
import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Diagnosis;
import cx.niro.core.incident.rules.StandardRules;
import cx.niro.core.incident.rules.Thresholds;
import cx.niro.core.policy.PolicyContext;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.core.policy.PolicyProfile;
import cx.niro.core.policy.PolicyResult;
import cx.niro.core.snapshot.ClusterSnapshot;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges Kubernetes objects from files; asks no server and no cluster. */
@Command(
    name = "check",
    description = {
      "Says what is wrong in a cluster, or with manifests, without a server:",
      "kubectl get nodes,pods,deployments,statefulsets,daemonsets,jobs,cronjobs,pvc,sa,hpa,events"
          + " -A -o json | niro check -f -"
    })
public final class CheckCommand implements Callable<Integer> {
  private static final Pattern VERSION = Pattern.compile("v?1\\.(\\d{1,3})(\\..*)?");

  /** From which severity on something ends the command with exit code 1. */
  enum FailOn {
    NONE(null),
    INFO(Severity.INFO),
    LOW(Severity.LOW),
    MEDIUM(Severity.MEDIUM),
    HIGH(Severity.HIGH);

    private final @Nullable Severity least;

    FailOn(@Nullable Severity least) {
      this.least = least;
    }

    boolean isReachedBy(Severity severity) {
      return least != null && severity.compareTo(least) >= 0;
    }
  }

  public enum Output {
    TABLE,
    JSON
  }

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE",
      description = "A file, a folder, or - for standard input; JSON or YAML, lists too.")
  List<String> files = new ArrayList<>();

  @Option(
      names = "--profile",
      defaultValue = "baseline",
      description = "Pod Security Standard to hold workloads to: ${COMPLETION-CANDIDATES}.")
  PolicyProfile profile = PolicyProfile.BASELINE;

  @Option(
      names = "--kubernetes-version",
      paramLabel = "1.N",
      description = "The version that policies are read for; default: that of the nodes.")
  @Nullable String kubernetesVersion;

  @Option(
      names = "--environment",
      defaultValue = "unspecified",
      description = "What the cluster is for; it makes severities: ${COMPLETION-CANDIDATES}.")
  Environment environment = Environment.UNSPECIFIED;

  @Option(
      names = "--now",
      paramLabel = "TIME",
      description = "When the objects were read, as 2026-03-01T12:00:00Z; default: now.")
  @Nullable String now;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}.")
  Output output = Output.TABLE;

  @Option(
      names = "--fail-on",
      defaultValue = "high",
      description = "The severity from which on the exit code is 1: ${COMPLETION-CANDIDATES}.")
  FailOn failOn = FailOn.HIGH;

  @Option(
      names = "--detection-profile",
      defaultValue = "standard",
      description = "How soon incidents open: standard or conservative.")
  String detectionProfile = "standard";

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    KubernetesObjects objects = objects();
    ClusterSnapshot cluster = objects.cluster();
    Instant at = at();
    List<Diagnosis> incidents = engine().diagnose(cluster, environment, at);
    PolicyContext context = context();
    PolicyEngine policies = PolicyEngine.standard();
    List<PolicyResult> results =
        new ArrayList<>(policies.evaluate(cluster, context.at(at)).results());
    results.addAll(policies.evaluate(objects.manifests(), context.forManifests()).results());
    objects.doubts().forEach(this::warn);
    CheckOutcome report = new CheckOutcome(incidents, results, objects.others());
    List<String> lines = output == Output.JSON ? List.of(report.json()) : report.table();
    lines.forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
    boolean failed = report.severities().stream().anyMatch(failOn::isReachedBy);
    return failed ? ExitCode.FAILED : ExitCode.OK;
  }

  private void warn(String doubt) {
    String line = "niro: " + Terminal.clean(doubt) + "; read as if it were not there";
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }

  private KubernetesObjects objects() {
    ObjectFiles reader = new ObjectFiles(System.in);
    KubernetesObjects objects = new KubernetesObjects();
    boolean any = false;
    for (String name : files) {
      for (ObjectFiles.Source source : reader.read(name)) {
        any = true;
        try {
          objects.add(source.object());
        } catch (IllegalArgumentException e) {
          throw new CommandException(ExitCode.USAGE, source.where() + ": " + e.getMessage(), e);
        }
      }
    }
    if (!any) {
      throw new CommandException(ExitCode.USAGE, "no object in " + String.join(", ", files));
    }
    return objects;
  }

  private DetectionEngine engine() {
    return DetectionEngine.of(
        StandardRules.all(thresholds("--detection-profile", detectionProfile)));
  }

  /** The thresholds of a detection profile that a flag names. */
  static Thresholds thresholds(String flag, String profile) {
    try {
      return Thresholds.ofProfile(profile.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, flag + ": " + e.getMessage(), e);
    }
  }

  private PolicyContext context() {
    PolicyContext context = PolicyContext.of(environment).with(profile);
    if (kubernetesVersion == null) {
      return context;
    }
    Matcher matcher = VERSION.matcher(kubernetesVersion);
    if (!matcher.matches()) {
      throw new CommandException(
          ExitCode.USAGE, "--kubernetes-version must be 1.N, but was " + kubernetesVersion);
    }
    return context.kubernetes(Integer.parseInt(matcher.group(1)));
  }

  private Instant at() {
    if (now == null) {
      return SystemTime.CLOCK.instant();
    }
    try {
      return Instant.parse(now);
    } catch (DateTimeParseException e) {
      throw new CommandException(
          ExitCode.USAGE, "--now must be a time as 2026-03-01T12:00:00Z, but was " + now, e);
    }
  }
}
