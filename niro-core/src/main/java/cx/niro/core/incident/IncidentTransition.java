package cx.niro.core.incident;

import cx.niro.core.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One step in the life of an incident, decided by {@link DetectionEngine}. */
public sealed interface IncidentTransition {
  Fingerprint fingerprint();

  Instant at();

  /** Calls the function that fits. */
  <T> T fold(
      Function<Opened, T> opened,
      Function<Updated, T> updated,
      Function<Muted, T> muted,
      Function<Resolved, T> resolved);

  /**
   * It begins.
   *
   * @param since when the condition began, which may be earlier than {@code at}
   * @param evidence what the rule saw, at most 20 entries of text, keyed by what they say
   */
  record Opened(
      Fingerprint fingerprint,
      IncidentType type,
      Scope scope,
      Severity severity,
      String summary,
      Map<String, List<String>> evidence,
      Instant since,
      Instant at)
      implements IncidentTransition {
    public Opened {
      evidence = Map.copyOf(evidence);
    }

    @Override
    public <T> T fold(
        Function<Opened, T> opened,
        Function<Updated, T> updated,
        Function<Muted, T> muted,
        Function<Resolved, T> resolved) {
      return opened.apply(this);
    }
  }

  /** It goes on, with another severity, summary or evidence. */
  record Updated(
      Fingerprint fingerprint,
      Severity severity,
      String summary,
      Map<String, List<String>> evidence,
      Instant at)
      implements IncidentTransition {
    public Updated {
      evidence = Map.copyOf(evidence);
    }

    @Override
    public <T> T fold(
        Function<Opened, T> opened,
        Function<Updated, T> updated,
        Function<Muted, T> muted,
        Function<Resolved, T> resolved) {
      return updated.apply(this);
    }
  }

  /**
   * Why it stays open without people being told of it changed: another incident explains it, it
   * comes and goes too often, or neither any longer.
   *
   * @param suppressedBy the open incident that explains it; null for none
   */
  record Muted(
      Fingerprint fingerprint, @Nullable Fingerprint suppressedBy, boolean flapping, Instant at)
      implements IncidentTransition {
    @Override
    public <T> T fold(
        Function<Opened, T> opened,
        Function<Updated, T> updated,
        Function<Muted, T> muted,
        Function<Resolved, T> resolved) {
      return muted.apply(this);
    }
  }

  /** It ends; {@code reason} is {@code cleared}, {@code object_deleted} or {@code expired}. */
  record Resolved(Fingerprint fingerprint, String reason, Instant at)
      implements IncidentTransition {
    @Override
    public <T> T fold(
        Function<Opened, T> opened,
        Function<Updated, T> updated,
        Function<Muted, T> muted,
        Function<Resolved, T> resolved) {
      return resolved.apply(this);
    }
  }
}
