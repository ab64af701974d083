package cx.niro.server.internal.managed;

import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.ObjectAction;
import cx.niro.core.managed.ObjectResult;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an apply or a delete ended: a pure function of its command. What the agent says of objects
 * counts, but it cannot make a success of a command that did not succeed.
 *
 * @param reason null for a success
 * @param report what was read, written anew; null when there is none that can be read
 */
public record ApplyOutcome(Status status, @Nullable String reason, @Nullable RawJson report) {
  private static final NiroCodec CODEC = NiroCodec.create();
  private static final int REASON_CHARS = 500;

  /**
   * Of a command that is over.
   *
   * @param revision that it was to apply
   */
  public static ApplyOutcome of(CommandRow ended, long revision) {
    ApplyReport report = read(ApplyReport.class, ended.output());
    if (report == null || report.revision() != revision) {
      return new ApplyOutcome(Status.FAILED, withoutReport(ended, report), null);
    }
    Status status = status(ended.state(), report);
    String reason = status == Status.SUCCEEDED ? null : reason(ended, report);
    return new ApplyOutcome(status, reason, new RawJson(Manifests.text(report)));
  }

  /** What a diff said; null when it said nothing that can be read. */
  public static @Nullable DiffReport comparison(CommandRow ended) {
    return ended.state() == CommandState.SUCCEEDED ? read(DiffReport.class, ended.output()) : null;
  }

  /** Read from what is stored. */
  public static @Nullable ApplyReport report(@Nullable RawJson stored) {
    return read(ApplyReport.class, stored);
  }

  /** The same of a comparison. */
  public static @Nullable DiffReport comparison(@Nullable RawJson stored) {
    return read(DiffReport.class, stored);
  }

  private static <T> @Nullable T read(Class<T> type, @Nullable RawJson json) {
    try {
      return json == null ? null : CODEC.decode(type, json.text().getBytes(StandardCharsets.UTF_8));
    } catch (DecodingException e) {
      return null;
    }
  }

  /** A success with an object that failed is none. */
  private static Status status(CommandState state, ApplyReport report) {
    boolean failed = report.objects().stream().anyMatch(one -> one.action() == ObjectAction.FAILED);
    return switch (report.status()) {
      case SUCCEEDED ->
          state != CommandState.SUCCEEDED
              ? Status.FAILED
              : failed ? Status.PARTIAL : Status.SUCCEEDED;
      case PARTIAL -> Status.PARTIAL;
      case FAILED -> Status.FAILED;
    };
  }

  private static String withoutReport(CommandRow ended, @Nullable ApplyReport other) {
    if (ended.state() != CommandState.SUCCEEDED) {
      return said(ended);
    }
    return other == null
        ? "the agent said nothing that can be read of the objects"
        : "the agent reported revision " + other.revision() + " instead";
  }

  private static String reason(CommandRow ended, ApplyReport report) {
    List<ObjectResult> failed =
        report.objects().stream().filter(one -> one.action() == ObjectAction.FAILED).toList();
    if (failed.isEmpty()) {
      return said(ended);
    }
    ObjectResult first = failed.get(0);
    String counts = failed.size() + " of " + report.objects().size() + " objects failed: ";
    String why = Objects.requireNonNullElse(first.message(), "no reason was given");
    return clipped(counts + first.object() + ": " + why);
  }

  private static String said(CommandRow ended) {
    String reason = Objects.requireNonNullElse(ended.reason(), "no reason was given");
    String prefix =
        ended.state() == CommandState.FAILED || ended.state() == CommandState.SUCCEEDED
            ? ""
            : ended.state().wireName() + ": ";
    return clipped(prefix + reason);
  }

  private static String clipped(String text) {
    return text.length() <= REASON_CHARS ? text : text.substring(0, REASON_CHARS - 1) + "…";
  }
}
