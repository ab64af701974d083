package cx.niro.app.check;

import cx.niro.app.Printed;
import cx.niro.app.cli.Table;
import cx.niro.core.Severity;
import cx.niro.core.incident.Diagnosis;
import cx.niro.core.policy.Finding;
import cx.niro.core.policy.PolicyResult;
import cx.niro.core.policy.PolicyState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a check found, as text for people or as JSON. */
record CheckOutcome(
    List<Diagnosis> incidents, List<PolicyResult> results, Map<String, Integer> others) {

  /** Of everything that counts: neither pending, nor explained by something else, nor exempt. */
  List<Severity> severities() {
    Stream<Severity> firing =
        incidents.stream()
            .filter(one -> !one.pending() && one.suppressedBy() == null)
            .map(one -> one.symptom().severity());
    return Stream.concat(firing, findings(PolicyState.FAIL).stream().map(Finding::severity))
        .toList();
  }

  private List<Finding> findings(PolicyState state) {
    return results.stream()
        .filter(result -> result.state() == state)
        .map(PolicyResult::finding)
        .filter(Objects::nonNull)
        .sorted(Comparator.comparing(Finding::severity).reversed())
        .toList();
  }

  String json() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("incidents", incidents.stream().map(CheckOutcome::json).toList());
    all.put("findings", findings(PolicyState.FAIL).stream().map(CheckOutcome::json).toList());
    all.put(
        "exempt",
        results.stream()
            .filter(one -> one.state() == PolicyState.EXEMPT && one.finding() != null)
            .map(CheckOutcome::exempt)
            .toList());
    all.put("otherKinds", new TreeMap<>(others));
    return Printed.json(all);
  }

  private static Map<String, @Nullable Object> json(Diagnosis one) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("type", one.type().name());
    members.put("scope", one.scope().value());
    members.put("severity", one.symptom().severity().wireName());
    members.put("state", state(one));
    members.put("since", one.since().toString());
    members.put("summary", one.symptom().summary());
    members.put("evidence", one.symptom().evidence());
    Diagnosis.Cause cause = one.suppressedBy();
    members.put(
        "suppressedBy",
        cause == null ? null : Map.of("type", cause.type().name(), "scope", cause.scope().value()));
    return members;
  }

  private static Map<String, @Nullable Object> json(Finding finding) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("rule", finding.rule().value());
    members.put("scope", finding.scope().value());
    members.put("severity", finding.severity().wireName());
    members.put("message", finding.message());
    members.put("fix", finding.fix());
    members.put("evidence", finding.evidence());
    return members;
  }

  private static Map<String, @Nullable Object> exempt(PolicyResult result) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("rule", result.rule().value());
    members.put("scope", result.scope().value());
    members.put("reason", result.reason());
    return members;
  }

  private static String state(Diagnosis one) {
    return one.pending() ? "pending" : one.suppressedBy() == null ? "firing" : "suppressed";
  }

  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.addAll(incidentLines());
    lines.add("");
    lines.addAll(findingLines());
    long exempt = results.stream().filter(one -> one.state() == PolicyState.EXEMPT).count();
    if (exempt > 0) {
      lines.add(exempt + " results are exempt; -o json says which and why.");
    }
    return lines;
  }

  private List<String> incidentLines() {
    if (incidents.isEmpty()) {
      return List.of("No incident.");
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("STATE", "SEVERITY", "INCIDENT", "SCOPE", "SINCE", "SUMMARY"));
    for (Diagnosis one : incidents) {
      rows.add(
          List.of(
              state(one),
              one.symptom().severity().wireName(),
              one.type().name(),
              one.scope().value(),
              one.since().toString(),
              one.symptom().summary()));
    }
    return Table.lines(rows);
  }

  private List<String> findingLines() {
    List<Finding> findings = findings(PolicyState.FAIL);
    if (findings.isEmpty()) {
      return List.of("No finding.");
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("SEVERITY", "POLICY", "SCOPE", "FINDING"));
    for (Finding one : findings) {
      rows.add(
          List.of(
              one.severity().wireName(), one.rule().value(), one.scope().value(), one.message()));
    }
    return Table.lines(rows);
  }
}
