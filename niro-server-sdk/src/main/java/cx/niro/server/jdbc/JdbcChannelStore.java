package cx.niro.server.jdbc;

import cx.niro.core.ChannelId;
import cx.niro.core.OrganizationId;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.ChannelStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record JdbcChannelStore(Handle handle, Inserts inserts) implements ChannelStore {
  private static final String INSERT =
      """
      INSERT INTO niro_channel (id, organization, name, kind, enabled, minimum_severity, selector, settings, created_at)
      VALUES (:id, :organization, :name, :kind, :enabled, :minimumSeverity, :selector, :settings, :createdAt)
      """;
  private static final String UPDATE =
      """
      UPDATE niro_channel SET name = :name, enabled = :enabled, minimum_severity = :minimumSeverity, selector = :selector,
        settings = :settings
      WHERE id = :id
      """;

  @Override
  public boolean insert(ChannelRow channel) {
    return inserts.run(handle.createUpdate(INSERT).bindMethods(channel));
  }

  @Override
  public Optional<ChannelRow> find(ChannelId id) {
    return handle
        .createQuery("SELECT * FROM niro_channel WHERE id = :id")
        .bind("id", id)
        .mapTo(ChannelRow.class)
        .findOne();
  }

  @Override
  public boolean update(ChannelRow channel) {
    return inserts.run(handle.createUpdate(UPDATE).bindMethods(channel));
  }

  @Override
  public boolean delete(ChannelId id) {
    return handle.createUpdate("DELETE FROM niro_channel WHERE id = :id").bind("id", id).execute()
        == 1;
  }

  @Override
  public List<ChannelRow> list(OrganizationId organization) {
    return handle
        .createQuery("SELECT * FROM niro_channel WHERE organization = :organization ORDER BY name")
        .bind("organization", organization)
        .mapTo(ChannelRow.class)
        .list();
  }
}
