package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.ClusterInfo.ApiHealth;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * The certificate that the API server shows expires within 30 days (low), 7 days (medium) or a day
 * (high), by the cluster's clock. Certificates of k3s last a year and are renewed when it restarts
 * within their last 90 days, so k3s' own warning event, which comes that early, is not read.
 */
final class CertificateExpiring extends IncidentRule {
  private static final Scope SCOPE = new Scope("cert/api-server");

  private final Duration soon;
  private final Duration sooner;
  private final Duration now;

  CertificateExpiring(Thresholds thresholds) {
    super(RuleSpec.of(new IncidentType("certificate_expiring")).goingBy());
    soon = thresholds.time(Threshold.CERTIFICATE_EXPIRING_LOW);
    sooner = thresholds.time(Threshold.CERTIFICATE_EXPIRING_MEDIUM);
    now = thresholds.time(Threshold.CERTIFICATE_EXPIRING_HIGH);
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    ApiHealth health = input.snapshot().info().api();
    Long expiresAt = health == null ? null : health.certificateExpiresAt();
    Duration left = input.until(expiresAt);
    if (expiresAt == null || left == null) {
      return List.of(Judgement.unknown(SCOPE));
    }
    if (left.compareTo(soon) >= 0) {
      return List.of(Judgement.no(SCOPE).recheckAt(in(left.minus(soon), input)));
    }
    boolean isSooner = left.compareTo(sooner) < 0;
    boolean isNow = left.compareTo(now) < 0;
    Severity severity = isNow ? Severity.HIGH : isSooner ? Severity.MEDIUM : Severity.LOW;
    Duration next = isNow ? null : left.minus(isSooner ? now : sooner);
    return List.of(
        Judgement.yes(SCOPE, symptom(severity, expiresAt))
            .recheckAt(next == null ? null : in(next, input)));
  }

  /** At least once a day, for what an agent reports may be any number. */
  private static Instant in(Duration time, RuleInput input) {
    Duration day = Duration.ofDays(1);
    return input.now().plus(time.compareTo(day) < 0 ? time.plusSeconds(1) : day);
  }

  private static Symptom symptom(Severity severity, long expiresAt) {
    String at = Instant.ofEpochMilli(expiresAt).truncatedTo(ChronoUnit.SECONDS).toString();
    return new Symptom(
        severity,
        "The API server's certificate expires at " + at,
        Map.of("expiresAt", List.of(at)));
  }
}
