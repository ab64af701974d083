package cx.niro.server.jdbc;

import cx.niro.core.AuditId;
import cx.niro.core.OrganizationId;
import cx.niro.server.spi.AuditFilter;
import cx.niro.server.spi.AuditRow;
import cx.niro.server.spi.AuditStore;
import cx.niro.server.spi.Page;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

record JdbcAuditStore(Handle handle) implements AuditStore {
  private static final String INSERT =
      """
      INSERT INTO niro_audit (id, organization, at, actor, role, address, action, object, outcome)
      VALUES (:id, :organization, :at, :actor, :role, :address, :action, :object, :outcome)
      """;
  private static final String LIST =
      """
      SELECT * FROM niro_audit
      WHERE organization IN (<organizations>) AND seq < :before AND (:actor IS NULL OR actor = :actor)
        AND (:object IS NULL OR SUBSTRING(object FROM 1 FOR :chars) = :object)
      ORDER BY seq DESC LIMIT :limit
      """;

  @Override
  public void append(AuditRow entry) {
    handle.createUpdate(INSERT).bindMethods(entry).execute();
  }

  @Override
  public void end(AuditId id, String outcome, String object) {
    handle
        .createUpdate("UPDATE niro_audit SET outcome = :outcome, object = :object WHERE id = :id")
        .bind("id", id)
        .bind("outcome", outcome)
        .bind("object", object)
        .execute();
  }

  @Override
  public Page<AuditRow> list(
      Set<OrganizationId> organizations, AuditFilter filter, Page.Request page) {
    if (organizations.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    String object = filter.object();
    return Cursor.page(
        page,
        (before, limit) ->
            handle
                .createQuery(LIST)
                .bindList("organizations", List.copyOf(organizations))
                .bindByType("actor", filter.actor(), String.class)
                .bindByType("object", object, String.class)
                .bind("chars", object == null ? 0 : object.length())
                .bind("before", before)
                .bind("limit", limit)
                .map(Cursor.numbered(AuditRow.class))
                .list());
  }
}
