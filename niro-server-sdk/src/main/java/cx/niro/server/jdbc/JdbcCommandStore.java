package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.CommandStore;
import cx.niro.server.spi.Page;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

record JdbcCommandStore(Handle handle, Inserts inserts) implements CommandStore {
  private static final String INSERT =
      """
      INSERT INTO niro_command (id, cluster, kind, payload_sha256, payload_bytes, order_key, idempotency_key, idempotent_kind, created_by, created_at,
        deadline_at, state, is_open, attempt, offer_boot_id, offered_at, lease_until, cancel_requested, reason, output,
        late_result, finished_at)
      VALUES (:id, :cluster, :request.kind, :request.payload.sha256, :request.payload.bytes, :request.orderKey, :request.idempotencyKey,
        :request.idempotentKind, :request.createdBy, :request.createdAt, :request.deadlineAt, :state, :isOpen, :attempt,
        :offer?.bootId, :offer?.offeredAt, :offer?.leaseUntil, :cancelRequested, :reason, :output, :lateResult, :finishedAt)
      """;
  private static final String UPDATE =
      """
      UPDATE niro_command SET state = :state, is_open = :isOpen, attempt = :attempt, offer_boot_id = :offer?.bootId,
        offered_at = :offer?.offeredAt, lease_until = :offer?.leaseUntil, cancel_requested = :cancelRequested,
        reason = :reason, output = :output, late_result = :lateResult, finished_at = :finishedAt
      WHERE id = :id AND cluster = :cluster
        AND state = :seen.state AND attempt = :seen.attempt AND cancel_requested = :seen.cancelRequested
      """;

  /** In a table of its own, for a database reads whole rows, whatever the columns asked for. */
  private static final String INSERT_PAYLOAD =
      "INSERT INTO niro_command_payload (command, payload) VALUES (:id, :payload)";

  private static final String SELECT =
      "SELECT c.*, CAST(NULL AS VARCHAR) AS payload FROM niro_command c ";
  private static final String SELECT_WITH_PAYLOAD =
      "SELECT c.*, p.payload FROM niro_command c LEFT JOIN niro_command_payload p ON p.command = c.id ";

  @Override
  public boolean insert(CommandRow command) {
    boolean inserted = inserts.run(bind(handle.createUpdate(INSERT), command));
    RawJson payload = command.request().payload().text();
    if (inserted && payload != null) {
      handle
          .createUpdate(INSERT_PAYLOAD)
          .bind("id", command.id())
          .bind("payload", payload)
          .execute();
    }
    return inserted;
  }

  @Override
  public Optional<CommandRow> find(ClusterId cluster, CommandId id) {
    return handle
        .createQuery(SELECT_WITH_PAYLOAD + "WHERE c.cluster = :cluster AND c.id = :id")
        .bind("cluster", cluster)
        .bind("id", id)
        .mapTo(CommandRow.class)
        .findOne();
  }

  @Override
  public Optional<CommandRow> findByIdempotencyKey(ClusterId cluster, String idempotencyKey) {
    return handle
        .createQuery(SELECT + "WHERE c.cluster = :cluster AND c.idempotency_key = :key")
        .bind("cluster", cluster)
        .bind("key", idempotencyKey)
        .mapTo(CommandRow.class)
        .findOne();
  }

  @Override
  public List<CommandRow> open(ClusterId cluster) {
    return handle
        .createQuery(SELECT + "WHERE c.cluster = :cluster AND c.is_open ORDER BY c.seq")
        .bind("cluster", cluster)
        .mapTo(CommandRow.class)
        .list();
  }

  @Override
  public boolean update(CommandRow seen, CommandRow next) {
    boolean updated =
        bind(handle.createUpdate(UPDATE), next).bindMethods("seen", seen).execute() == 1;
    if (updated && next.state().isFinal()) {
      handle
          .createUpdate("DELETE FROM niro_command_payload WHERE command = :id")
          .bind("id", next.id())
          .execute();
    }
    return updated;
  }

  private static <S extends SqlStatement<S>> S bind(S statement, CommandRow row) {
    return statement.bindMethods(row).bind("isOpen", !row.state().isFinal());
  }

  @Override
  public Page<CommandRow> list(ClusterId cluster, @Nullable String kind, Page.Request page) {
    return Cursor.page(
        page,
        (before, limit) ->
            handle
                .createQuery(
                    SELECT
                        + "WHERE c.cluster = :cluster AND c.seq < :before"
                        + " AND (CAST(:kind AS VARCHAR) IS NULL OR c.kind = :kind)"
                        + " ORDER BY c.seq DESC LIMIT :limit")
                .bind("cluster", cluster)
                .bind("kind", kind)
                .bind("before", before)
                .bind("limit", limit)
                .map(Cursor.numbered(CommandRow.class))
                .list());
  }

  @Override
  public List<ClusterId> clustersWithDue(Instant now, int limit) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT cluster FROM niro_command
            WHERE is_open AND deadline_at < :now
              AND (state = 'PENDING' OR lease_until IS NULL OR lease_until < :now)
            ORDER BY cluster LIMIT :limit
            """)
        .bind("now", now)
        .bind("limit", limit)
        .mapTo(ClusterId.class)
        .list();
  }
}
