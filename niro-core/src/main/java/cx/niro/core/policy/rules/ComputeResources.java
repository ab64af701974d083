package cx.niro.core.policy.rules;

import cx.niro.core.Severity;
import cx.niro.core.policy.PodTemplate;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.policy.Severities;
import cx.niro.core.policy.TemplateRule;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests and limits of what runs as long as its pod. Zero counts as missing; a limit without a
 * request sets the request, as the API server does; amounts for the pod as a whole count for each
 * container. Jobs are low: they end. A CPU limit alone is low too: whether one is good is disputed.
 */
final class ComputeResources {
  private static final PolicyVerdict MIRROR =
      PolicyVerdict.notApplicable("the kubelet runs it from a file");

  private interface Amount extends Function<Resources, @Nullable Long> {}

  private ComputeResources() {}

  static TemplateRule missingRequests() {
    PolicySpec spec =
        PolicySpec.of(
            "missing-resource-requests",
            Severities.of(Severity.MEDIUM),
            "Container without CPU or memory request",
            "Set resources.requests for cpu and memory near what the container usually needs.");
    return TemplateRule.of(spec, ComputeResources::requests);
  }

  static TemplateRule missingLimits() {
    PolicySpec spec =
        PolicySpec.of(
            "missing-resource-limits",
            Severities.of(Severity.MEDIUM),
            "Container without CPU or memory limit",
            "Set resources.limits: memory about a fifth above the peak, cpu or a recorded exemption.");
    return TemplateRule.of(spec, ComputeResources::limits);
  }

  static TemplateRule bestEffort() {
    PolicySpec spec =
        PolicySpec.of(
            "best-effort-pod",
            Severities.of(Severity.LOW, Severity.MEDIUM, Severity.MEDIUM),
            "No container requests anything",
            "Give at least one container requests; pods without any are evicted first.");
    return TemplateRule.of(spec, ComputeResources::bestEffort);
  }

  private static PolicyVerdict requests(PodTemplate template) {
    if (template.isMirror()) {
      return MIRROR;
    }
    List<String> cpu = without(template, container -> requests(container, Resources::cpuMillis));
    List<String> memory =
        without(template, container -> requests(container, Resources::memoryBytes));
    PodSpec pod = template.spec();
    cpu = has(requested(pod.requests(), pod.limits(), Resources::cpuMillis)) ? List.of() : cpu;
    memory =
        has(requested(pod.requests(), pod.limits(), Resources::memoryBytes)) ? List.of() : memory;
    return verdict("request", cpu, memory);
  }

  private static PolicyVerdict limits(PodTemplate template) {
    if (template.isMirror()) {
      return MIRROR;
    }
    List<String> cpu =
        without(template, container -> amount(container.limits(), Resources::cpuMillis));
    List<String> memory =
        without(template, container -> amount(container.limits(), Resources::memoryBytes));
    Resources pod = template.spec().limits();
    cpu = has(amount(pod, Resources::cpuMillis)) ? List.of() : cpu;
    memory = has(amount(pod, Resources::memoryBytes)) ? List.of() : memory;
    return verdict("limit", cpu, memory);
  }

  private static PolicyVerdict verdict(String what, List<String> cpu, List<String> memory) {
    List<String> names = new ArrayList<>(memory);
    cpu.stream().filter(name -> !names.contains(name)).forEach(names::add);
    String missing = cpu.isEmpty() ? "memory" : memory.isEmpty() ? "CPU" : "CPU or memory";
    return new Broken()
        .by("missing-cpu-" + what, cpu)
        .by("missing-memory-" + what, memory)
        .verdict("No " + missing + " " + what, names);
  }

  private static PolicyVerdict bestEffort(PodTemplate template) {
    PodSpec pod = template.spec();
    boolean any = asks(pod.requests()) || asks(pod.limits());
    for (Container container : template.allContainers()) {
      any |= asks(container.requests()) || asks(container.limits());
    }
    if (template.isMirror()) {
      return MIRROR;
    }
    return any
        ? PolicyVerdict.pass()
        : PolicyVerdict.fail("No container requests anything, so its pods are evicted first");
  }

  private static List<String> without(
      PodTemplate template, Function<Container, @Nullable Long> amount) {
    return PodTemplate.namesOf(
        template.lastingContainers(), container -> !has(amount.apply(container)));
  }

  private static @Nullable Long requests(Container container, Amount amount) {
    return requested(container.requests(), container.limits(), amount);
  }

  private static @Nullable Long requested(
      @Nullable Resources requests, @Nullable Resources limits, Amount amount) {
    Long asked = amount(requests, amount);
    return asked == null ? amount(limits, amount) : asked;
  }

  private static @Nullable Long amount(@Nullable Resources resources, Amount amount) {
    return resources == null ? null : amount.apply(resources);
  }

  private static boolean has(@Nullable Long amount) {
    return amount != null && amount > 0;
  }

  private static boolean asks(@Nullable Resources resources) {
    return has(amount(resources, Resources::cpuMillis))
        || has(amount(resources, Resources::memoryBytes));
  }
}
