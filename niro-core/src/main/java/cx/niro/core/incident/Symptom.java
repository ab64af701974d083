package cx.niro.core.incident;

import cx.niro.core.Severity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a rule tells people about something that is wrong. Leave out of it what changes by itself,
 * such as ages and counts: every change is a step in the incident's history.
 *
 * @param summary one sentence, clipped at {@link #SUMMARY_CHARS}
 * @param evidence what the rule saw, keyed by what it says; entries beyond {@link
 *     #EVIDENCE_ENTRIES} are left out, longer ones than {@link #ENTRY_CHARS} clipped
 */
public record Symptom(Severity severity, String summary, Map<String, List<String>> evidence) {
  public static final int SUMMARY_CHARS = 300;
  public static final int EVIDENCE_ENTRIES = 20;
  public static final int ENTRY_CHARS = 512;

  public Symptom {
    summary = clip(summary, SUMMARY_CHARS);
    evidence = bounded(evidence);
  }

  /** Both as one: the severity and summary of the worse, the evidence of both. */
  Symptom and(Symptom other) {
    Map<String, List<String>> all = new LinkedHashMap<>(evidence);
    other.evidence.forEach((key, values) -> all.merge(key, values, Symptom::union));
    Symptom worse = other.isWorseThan(this) ? other : this;
    return new Symptom(worse.severity, worse.summary, all);
  }

  /** Equal for symptoms that say the same, whatever the order of the evidence. */
  long summaryHash() {
    return Hash64.of(summary);
  }

  long evidenceHash() {
    long sum = 0;
    for (Map.Entry<String, List<String>> entry : evidence.entrySet()) {
      for (String text : entry.getValue()) {
        sum += Hash64.of(entry.getKey() + '\0' + text);
      }
    }
    return sum;
  }

  private boolean isWorseThan(Symptom other) {
    int order = severity.compareTo(other.severity);
    return order > 0 || (order == 0 && summary.compareTo(other.summary) < 0);
  }

  private static List<String> union(List<String> some, List<String> more) {
    Set<String> all = new LinkedHashSet<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  private static Map<String, List<String>> bounded(Map<String, List<String>> evidence) {
    Map<String, List<String>> kept = new LinkedHashMap<>();
    int room = EVIDENCE_ENTRIES;
    for (Map.Entry<String, List<String>> entry : evidence.entrySet()) {
      List<String> texts =
          entry.getValue().stream().limit(room).map(text -> clip(text, ENTRY_CHARS)).toList();
      if (!texts.isEmpty()) {
        kept.put(entry.getKey(), texts);
      }
      room -= texts.size();
    }
    return Collections.unmodifiableMap(kept);
  }

  private static String clip(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max - 1) + "…";
  }
}
