package cx.niro.server.internal.rest;

import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.CommandRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A command and how far it is; its payload is not shown. */
public record CommandJson(
    String id,
    String cluster,
    String kind,
    String state,
    int attempts,
    boolean cancelRequested,
    @Nullable String reason,
    @Nullable RawJson result,
    @Nullable RawJson lateResult,
    String createdBy,
    Instant createdAt,
    Instant deadlineAt,
    @Nullable Instant finishedAt,
    @Nullable String idempotencyKey,
    @Nullable String orderKey) {

  public static CommandJson of(CommandRow row) {
    CommandRow.Request request = row.request();
    return new CommandJson(
        row.id().value(),
        row.cluster().value(),
        request.kind(),
        row.state().wireName(),
        row.attempt(),
        row.cancelRequested(),
        row.reason(),
        row.output(),
        row.lateResult(),
        request.createdBy(),
        request.createdAt(),
        request.deadlineAt(),
        row.finishedAt(),
        request.idempotencyKey(),
        request.orderKey());
  }
}
