package cx.niro.server.internal;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.VisibleText;
import cx.niro.core.incident.IncidentType;
import cx.niro.server.Clusters.ClusterChange;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.ServerOptions;
import cx.niro.server.spi.ClusterRow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What users may say of a cluster. */
final class ClusterRules {
  private static final int NAME_CHARS = 100;
  private static final int LABELS = 64;
  private static final int LABEL_CHARS = 253;

  /** One late or lost beat must not change a status. */
  private static final int LEAST_BEATS = 4;

  private static final int LONGEST_SECONDS = 7 * 24 * 3600;

  private ClusterRules() {}

  static ClusterSpec checked(ClusterSpec spec) {
    checkLabels(spec.labels());
    return new ClusterSpec(checkedName(spec.name()), spec.environment(), spec.labels());
  }

  private static String checkedName(String given) {
    String name = VisibleText.composed(given);
    if (name.isBlank() || name.length() > NAME_CHARS) {
      throw invalid("name must have 1 to " + NAME_CHARS + " characters but had " + name.length());
    }
    if (!name.strip().equals(name)) {
      throw invalid("name must have no space at its ends");
    }
    VisibleText.check("name", name);
    return name;
  }

  private static void checkLabels(Map<String, String> labels) {
    if (labels.size() > LABELS) {
      throw invalid("labels must be at most " + LABELS + " but were " + labels.size());
    }
    labels.forEach(
        (key, value) -> {
          if (key.isBlank() || key.length() > LABEL_CHARS || value.length() > LABEL_CHARS) {
            throw invalid(
                "labels must have keys of 1 to "
                    + LABEL_CHARS
                    + " and values of at most "
                    + LABEL_CHARS
                    + " characters");
          }
        });
  }

  /** Of two agents with one key nobody knows which would get the next one. */
  static void requireOneAgent(ClusterState state) {
    if (state.isOpen(IncidentType.AGENT_DUPLICATE)) {
      throw new InvalidRequestException(
          ErrorCode.AGENT_DUPLICATE,
          "two agents use the key of '"
              + state.row().name()
              + "', and either could get the new one; enroll the right one again with a token to"
              + " take over");
    }
  }

  /** The row with the change; 0 seconds goes back to the server's setting. */
  static ClusterRow changed(ClusterRow row, ClusterChange change, ServerOptions options) {
    String name = checkedName(change.name() == null ? row.name() : change.name());
    Map<String, String> labels = change.labels() == null ? row.labels() : change.labels();
    checkLabels(labels);
    Duration beat = options.heartbeatInterval();
    Integer unknown =
        seconds(
            "unknownAfterSeconds", change.unknownAfterSeconds(), row.unknownAfterSeconds(), beat);
    Integer offline =
        seconds(
            "offlineAfterSeconds", change.offlineAfterSeconds(), row.offlineAfterSeconds(), beat);
    long unknownAfter = unknown == null ? options.unknownAfter().toSeconds() : unknown;
    long offlineAfter = offline == null ? options.offlineAfter().toSeconds() : offline;
    boolean windowsChanged =
        change.unknownAfterSeconds() != null || change.offlineAfterSeconds() != null;
    if (windowsChanged && offlineAfter < unknownAfter) {
      throw invalid(
          "offlineAfterSeconds must be at least unknownAfterSeconds, "
              + unknownAfter
              + ", but was "
              + offlineAfter);
    }
    return new ClusterRow(
        row.id(),
        row.organization(),
        name,
        change.environment() == null ? row.environment() : change.environment(),
        labels,
        unknown,
        offline,
        row.kubeSystemUid(),
        row.enrolledAt(),
        row.rotateKeysBefore(),
        row.createdAt());
  }

  private static @Nullable Integer seconds(
      String name, @Nullable Integer asked, @Nullable Integer before, Duration beat) {
    if (asked == null) {
      return before;
    }
    if (asked == 0) {
      return null;
    }
    long least = beat.multipliedBy(LEAST_BEATS).plusMillis(999).toSeconds();
    if (asked < least || asked > LONGEST_SECONDS) {
      throw invalid(
          "%s must be %d to %d, at least %d beats of %d ms, or null for the server's setting, but was %d"
              .formatted(name, least, LONGEST_SECONDS, LEAST_BEATS, beat.toMillis(), asked));
    }
    return asked;
  }

  /** Actor and what changed, from and to; only the actor when nothing did. */
  static Map<String, String> details(ClusterRow before, ClusterRow after, String actor) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("actor", actor);
    add(details, "name", before.name(), after.name());
    add(details, "environment", before.environment(), after.environment());
    add(details, "labels", before.labels(), after.labels());
    add(details, "unknownAfterSeconds", before.unknownAfterSeconds(), after.unknownAfterSeconds());
    add(details, "offlineAfterSeconds", before.offlineAfterSeconds(), after.offlineAfterSeconds());
    return details;
  }

  private static void add(
      Map<String, String> details, String name, @Nullable Object before, @Nullable Object after) {
    if (!Objects.equals(before, after)) {
      details.put(name, before + " → " + after);
    }
  }

  static InvalidRequestException nameTaken(String name) {
    return new InvalidRequestException(
        ErrorCode.NAME_TAKEN, "a cluster named '" + name + "' is there already");
  }

  private static InvalidRequestException invalid(String detail) {
    return new InvalidRequestException(ErrorCode.INVALID_FIELD, detail);
  }
}
