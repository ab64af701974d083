package cx.niro.server.internal;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.core.SilenceId;
import cx.niro.core.VisibleText;
import cx.niro.core.incident.Scope;
import cx.niro.server.Silences;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.SilenceRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What users may say of a silence. */
final class SilenceRules {
  private static final int CLUSTERS = 100;
  private static final int ENTRIES = 200;

  /** The clocks of two computers need not agree. */
  private static final Duration LATE = Duration.ofMinutes(5);

  private SilenceRules() {}

  static SilenceRow row(
      SilenceId id, OrganizationId organization, Silences.Spec spec, String actor, Instant now) {
    String reason = spec.reason().strip();
    if (reason.isEmpty() || reason.length() > Silences.REASON_CHARS) {
      throw invalid(
          "reason must have 1 to %d characters, but has %d"
              .formatted(Silences.REASON_CHARS, reason.length()));
    }
    VisibleText.check("reason", reason);
    checkSelector(spec.selector());
    String prefix = prefix(spec.scopePrefix());
    if (prefix == null && spec.selector().equals(ChannelSelector.ALL)) {
      throw invalid(
          "matchers must say something: clusters, environments, labels, types or scopePrefix");
    }
    Instant start = start(spec.period().startsAt(), now);
    return new SilenceRow(
        id,
        organization,
        spec.selector(),
        prefix,
        start,
        end(spec.period(), start, now),
        new SilenceRow.Origin(actor, now, reason));
  }

  private static void checkSelector(ChannelSelector selector) {
    int clusters = selector.clusters().size();
    if (clusters > CLUSTERS) {
      throw invalid(
          "clusters must be at most %d, but are %d; use labels".formatted(CLUSTERS, clusters));
    }
    int entries = selector.types().size() + selector.labels().size();
    if (entries > ENTRIES) {
      throw invalid("types and labels must be at most %d, but are %d".formatted(ENTRIES, entries));
    }
  }

  private static @Nullable String prefix(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (text.length() > Scope.MAX_CHARS) {
      throw invalid("scopePrefix must have at most " + Scope.MAX_CHARS + " characters");
    }
    String prefix = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    if (prefix.isEmpty() || prefix.startsWith("/") || prefix.endsWith("/")) {
      throw invalid("scopePrefix must be as ns/shop, for others fit no scope");
    }
    return prefix;
  }

  private static Instant start(@Nullable Instant asked, Instant now) {
    Instant start = Objects.requireNonNullElse(asked, now);
    if (start.isBefore(now.minus(LATE))) {
      throw invalid("startsAt must not be in the past, but was " + start);
    }
    if (start.isAfter(now.plus(Silences.FARTHEST))) {
      throw invalid(
          "startsAt must be within %d days, but was %s"
              .formatted(Silences.FARTHEST.toDays(), start));
    }
    return start;
  }

  private static Instant end(Silences.Period period, Instant start, Instant now) {
    Instant endsAt = period.endsAt();
    Duration length = period.length();
    if ((endsAt == null) == (length == null)) {
      throw invalid("endsAt or durationSeconds must be given, and not both");
    }
    if (length == null) {
      length = Duration.between(start, Objects.requireNonNull(endsAt));
    }
    if (length.compareTo(Duration.ofSeconds(1)) < 0
        || length.compareTo(Silences.LONGEST) > 0
        || !start.plus(length).isAfter(now)) {
      throw invalid(
          "endsAt must be in the future and 1 second to %d days after the start, but was %s after"
              .formatted(Silences.LONGEST.toDays(), length));
    }
    return start.plus(length);
  }

  static void checkRoom(int there) {
    if (there >= Silences.MOST) {
      throw invalid(
          "silences: an organization has at most " + Silences.MOST + " that have not ended");
    }
  }

  private static InvalidRequestException invalid(String detail) {
    return new InvalidRequestException(ErrorCode.INVALID_FIELD, detail);
  }
}
