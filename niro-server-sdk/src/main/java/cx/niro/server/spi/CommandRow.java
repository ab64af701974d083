package cx.niro.server.spi;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.SecretHash;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import java.nio.charset.StandardCharsets;
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

  /** The same without the payload's text. */
  public CommandRow withoutText() {
    return new CommandRow(
        id,
        cluster,
        request.withoutText(),
        state,
        attempt,
        offer,
        cancelRequested,
        reason,
        output,
        lateResult,
        finishedAt);
  }

  /**
   * What was asked for.
   *
   * @param idempotencyKey unique within the cluster when present
   * @param idempotentKind whether it may be offered again to another agent process
   */
  public record Request(
      String kind,
      Payload payload,
      @Nullable String orderKey,
      @Nullable String idempotencyKey,
      boolean idempotentKind,
      String createdBy,
      Instant createdAt,
      Instant deadlineAt) {

    /** The same without the payload's text. */
    public Request withoutText() {
      return new Request(
          kind,
          new Payload(payload.sha256(), payload.bytes(), null),
          orderKey,
          idempotencyKey,
          idempotentKind,
          createdBy,
          createdAt,
          deadlineAt);
    }
  }

  /**
   * What the handler is given.
   *
   * @param sha256 of the text, which is enough to recognise a repeat
   * @param bytes of the text in UTF-8
   * @param text null where it was not asked for, and after the command's end
   */
  public record Payload(SecretHash sha256, int bytes, @Nullable RawJson text) {
    public static Payload of(RawJson json) {
      int bytes = json.text().getBytes(StandardCharsets.UTF_8).length;
      return new Payload(SecretHash.of(json.text()), bytes, json);
    }
  }

  /** The newest offer; until {@code leaseUntil} nobody else is offered the command. */
  public record Offer(BootId bootId, Instant offeredAt, Instant leaseUntil) {}
}
