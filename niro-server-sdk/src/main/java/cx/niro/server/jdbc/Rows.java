package cx.niro.server.jdbc;

import cx.niro.core.AuditId;
import cx.niro.core.BootId;
import cx.niro.core.ChannelId;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.DeliveryId;
import cx.niro.core.DeploymentId;
import cx.niro.core.IncidentId;
import cx.niro.core.OrganizationId;
import cx.niro.core.SecretHash;
import cx.niro.core.SilenceId;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Scope;
import cx.niro.core.policy.PolicyId;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.AuditRow;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.GroupRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.LeaseRow;
import cx.niro.server.spi.MarkRow;
import cx.niro.server.spi.RelayRow;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.spi.SilenceRow;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.spi.TokenRow;
import java.lang.reflect.Type;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.generic.GenericType;
import org.jdbi.v3.core.mapper.CaseStrategy;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.mapper.reflect.ReflectionMappers;
import org.jspecify.annotations.Nullable;

/**
 * How rows and their values are read and written, column by column, by the names of their record
 * components.
 */
final class Rows {
  private Rows() {}

  static Jdbi configure(Jdbi jdbi) {
    // The default follows the machine's language, and in Turkish ID in lower case is not id.
    jdbi.getConfig(ReflectionMappers.class).setCaseChange(CaseStrategy.LOWER);
    texts(jdbi);
    jdbi.registerColumnMapper(
        Instant.class,
        (rs, column, context) -> instant(rs.getObject(column, OffsetDateTime.class)));
    jdbi.registerColumnMapper(
        new GenericType<Map<String, String>>() {},
        (rs, column, context) -> JsonColumn.map(rs.getString(column)));
    jdbi.registerColumnMapper(
        new GenericType<Map<String, List<String>>>() {},
        (rs, column, context) -> JsonColumn.lists(rs.getString(column)));
    jdbi.registerColumnMapper(
        ChannelSelector.class,
        (rs, column, context) -> JsonColumn.record(ChannelSelector.class, rs.getString(column)));
    jdbi.registerArgument(new Values());
    jdbi.registerRowMapper(new CommandRowMapper());
    jdbi.registerRowMapper(new IncidentRowMapper());
    jdbi.registerRowMapper(new DeliveryRowMapper());
    jdbi.registerRowMapper(new SilenceRowMapper());
    jdbi.registerRowMapper(new FindingRowMapper());
    jdbi.registerRowMapper(new DeploymentRowMapper());
    for (Class<?> row : RECORDS) {
      jdbi.registerRowMapper(ConstructorMapper.factory(row));
    }
    return jdbi;
  }

  private static void texts(Jdbi jdbi) {
    text(jdbi, ClusterId.class, ClusterId::new);
    text(jdbi, OrganizationId.class, OrganizationId::new);
    text(jdbi, CommandId.class, CommandId::new);
    text(jdbi, IncidentId.class, IncidentId::new);
    text(jdbi, BootId.class, BootId::new);
    text(jdbi, ChannelId.class, ChannelId::new);
    text(jdbi, DeliveryId.class, DeliveryId::new);
    text(jdbi, AuditId.class, AuditId::new);
    text(jdbi, SilenceId.class, SilenceId::new);
    text(jdbi, DeploymentId.class, DeploymentId::new);
    text(jdbi, SecretHash.class, SecretHash::new);
    text(jdbi, Fingerprint.class, Fingerprint::new);
    text(jdbi, IncidentType.class, IncidentType::new);
    text(jdbi, Scope.class, Scope::new);
    text(jdbi, PolicyId.class, PolicyId::new);
    text(jdbi, RawJson.class, RawJson::new);
  }

  private static final List<Class<?>> RECORDS =
      List.of(
          ClusterRow.class,
          TokenRow.class,
          KeyRow.class,
          SessionRow.class,
          IncidentRow.What.class,
          IncidentRow.Telling.class,
          IncidentRow.Began.class,
          SilenceRow.Origin.class,
          DeploymentRow.Origin.class,
          DeploymentRow.Wanted.class,
          DeploymentRow.Applied.class,
          ApplyRow.class,
          TimelineEntry.class,
          AuditRow.class,
          InventoryRow.class,
          InventoryDelta.class,
          ChannelRow.class,
          LeaseRow.class,
          MarkRow.class,
          RelayRow.class,
          GroupRow.class,
          DeliveryRow.Progress.class);

  static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static <T> void text(Jdbi jdbi, Class<T> type, Function<String, T> of) {
    ColumnMapper<T> mapper =
        (rs, column, context) -> {
          String value = rs.getString(column);
          return value == null ? null : of.apply(value);
        };
    jdbi.registerColumnMapper(type, mapper);
  }

  /** Binds our own value types. */
  private static final class Values implements ArgumentFactory {
    @Override
    public Optional<Argument> build(Type type, @Nullable Object value, ConfigRegistry config) {
      if (value instanceof Instant instant) {
        OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
        return Optional.of(
            (position, statement, context) ->
                statement.setObject(position, time, Types.TIMESTAMP_WITH_TIMEZONE));
      }
      String text = textOf(value);
      return text == null
          ? Optional.empty()
          : Optional.of((position, statement, context) -> statement.setString(position, text));
    }

    private static @Nullable String textOf(@Nullable Object value) {
      if (value instanceof Map<?, ?> || value instanceof ChannelSelector) {
        return JsonColumn.text(value);
      }
      if (value instanceof String text && text.indexOf(0) >= 0) {
        return text.replace('\0', '\uFFFD'); // PostgreSQL has no NUL in a text
      }
      if (value instanceof SecretHash hash) {
        return hash.hex();
      }
      if (value instanceof RawJson json) {
        return json.text();
      }
      return value instanceof Record id && id.getClass().getPackageName().startsWith("cx.niro.core")
          ? id.toString()
          : null;
    }
  }
}
