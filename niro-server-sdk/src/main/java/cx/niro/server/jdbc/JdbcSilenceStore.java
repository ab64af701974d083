package cx.niro.server.jdbc;

import cx.niro.core.OrganizationId;
import cx.niro.core.SilenceId;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.SilenceRow;
import cx.niro.server.spi.SilenceStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

record JdbcSilenceStore(Handle handle) implements SilenceStore {
  private static final String INSERT =
      """
      INSERT INTO niro_silence (id, organization, selector, scope_prefix, starts_at, ends_at, created_by, created_at, reason)
      VALUES (:id, :organization, :selector, :scopePrefix, :startsAt, :endsAt, :origin.createdBy, :origin.createdAt,
        :origin.reason)
      """;
  private static final String LIST =
      """
      SELECT * FROM niro_silence
      WHERE seq < :before AND organization IN (<organizations>)
        AND (:state IS NULL OR :state = CASE WHEN ends_at <= :now THEN 'EXPIRED' WHEN starts_at > :now THEN 'SCHEDULED'
          ELSE 'ACTIVE' END)
      ORDER BY seq DESC LIMIT :limit
      """;

  @Override
  public void insert(SilenceRow silence) {
    handle.createUpdate(INSERT).bindMethods(silence).execute();
  }

  @Override
  public Optional<SilenceRow> find(SilenceId id) {
    return handle
        .createQuery("SELECT * FROM niro_silence WHERE id = :id")
        .bind("id", id)
        .mapTo(SilenceRow.class)
        .findOne();
  }

  @Override
  public void update(SilenceRow silence) {
    handle
        .createUpdate(
            "UPDATE niro_silence SET starts_at = :startsAt, ends_at = :endsAt WHERE id = :id")
        .bindMethods(silence)
        .execute();
  }

  @Override
  public List<SilenceRow> notEnded(OrganizationId organization, Instant now) {
    return handle
        .createQuery(
            "SELECT * FROM niro_silence WHERE organization = :organization AND ends_at > :now ORDER BY seq")
        .bind("organization", organization)
        .bind("now", now)
        .mapTo(SilenceRow.class)
        .list();
  }

  @Override
  public Page<SilenceRow> list(
      Set<OrganizationId> organizations,
      SilenceRow.@Nullable State state,
      Instant now,
      Page.Request page) {
    if (organizations.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    return Cursor.page(
        page,
        (before, limit) ->
            handle
                .createQuery(LIST)
                .bindList("organizations", List.copyOf(organizations))
                .bindByType("state", state == null ? null : state.name(), String.class)
                .bind("now", now)
                .bind("before", before)
                .bind("limit", limit)
                .map(Cursor.numbered(SilenceRow.class))
                .list());
  }
}
