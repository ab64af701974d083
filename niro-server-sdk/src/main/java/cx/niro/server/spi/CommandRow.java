package cx.niro.server.spi;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A command and how far it is.
 *
 * @param request what was asked for
 * @param offer to whom it was last offered; null while pending
 * @param reason why it is in this state, for people
 * @param output of the result; null before, or when there is none
 * @param lateResult a result that came after the end, kept to be shown
 */
public record CommandRow(
    CommandId id,
    ClusterId cluster,
    Request request,
    CommandState state,
    int attempt,
    @Nullable Offer offer,
    boolean cancelRequested,
    @Nullable String reason,
    @Nullable RawJson output,
    @Nullable RawJson lateResult,
    @Nullable Instant finishedAt) {

  /**
   * What was asked for.
   *
   * @param idempotencyKey unique within the cluster when present
   * @param idempotentKind whether it may be offered again to another agent process
   */
  public record Request(
      String kind,
      RawJson payload,
      @Nullable String orderKey,
      @Nullable String idempotencyKey,
      boolean idempotentKind,
      String createdBy,
      Instant createdAt,
      Instant deadlineAt) {}

  /** The newest offer; until {@code leaseUntil} nobody else is offered the command. */
  public record Offer(BootId bootId, Instant offeredAt, Instant leaseUntil) {}
}
