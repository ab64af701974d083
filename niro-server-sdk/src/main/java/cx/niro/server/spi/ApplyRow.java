package cx.niro.server.spi;

import cx.niro.core.CommandId;
import cx.niro.core.DeploymentId;
import cx.niro.core.protocol.RawJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One apply of a managed deployment.
 *
 * @param attempt counts the applies of the deployment, from 1
 * @param reason why it is in this state, for people
 * @param report an {@code ApplyReport}; null before the end, and when there is none
 */
public record ApplyRow(
    DeploymentId deployment,
    long attempt,
    long revision,
    CommandId command,
    String requestedBy,
    Instant requestedAt,
    DeploymentRow.Status status,
    @Nullable String reason,
    @Nullable Instant finishedAt,
    @Nullable RawJson report) {

  /** The same with its end. */
  public ApplyRow finished(
      DeploymentRow.Status end, @Nullable String why, Instant at, @Nullable RawJson said) {
    return new ApplyRow(
        deployment, attempt, revision, command, requestedBy, requestedAt, end, why, at, said);
  }
}
