package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.Severity;
import cx.niro.core.policy.Finding;
import cx.niro.server.spi.TimelineEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lines about findings: one for each evaluation and direction, however many they are. */
final class FindingEntries {
  private static final int NAMED = 20;

  private FindingEntries() {}

  static List<TimelineEntry> of(ClusterId cluster, FindingPlan plan, Instant now) {
    List<TimelineEntry> entries = new ArrayList<>();
    if (!plan.appeared().isEmpty()) {
      entries.add(entry(cluster, now, "appeared", plan.appeared()));
    }
    if (!plan.cleared().isEmpty()) {
      entries.add(entry(cluster, now, "cleared", plan.cleared()));
    }
    return entries;
  }

  private static TimelineEntry entry(
      ClusterId cluster, Instant now, String what, List<Finding> findings) {
    Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
    findings.forEach(finding -> counts.merge(finding.severity(), 1, Integer::sum));
    Map<String, String> details = new LinkedHashMap<>();
    details.put("count", String.valueOf(findings.size()));
    counts.forEach((severity, count) -> details.put(severity.wireName(), String.valueOf(count)));
    details.put(
        "findings",
        findings.stream()
            .sorted(Comparator.comparing(Finding::severity).reversed())
            .limit(NAMED)
            .map(finding -> finding.severity().wireName() + " " + name(finding))
            .collect(Collectors.joining("\n")));
    String summary =
        findings.size() == 1
            ? "A finding " + what + ": " + name(findings.get(0))
            : findings.size() + " findings " + what + ": " + inWords(counts);
    return new TimelineEntry(cluster, now, "findings_" + what, summary, details);
  }

  private static String name(Finding finding) {
    return finding.rule() + " " + finding.scope();
  }

  private static String inWords(Map<Severity, Integer> counts) {
    List<String> words = new ArrayList<>();
    counts.forEach((severity, count) -> words.add(0, count + " " + severity.wireName()));
    return String.join(", ", words);
  }
}
