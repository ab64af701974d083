package cx.niro.server.spi;

import org.jspecify.annotations.Nullable;

/**
 * Which entries of the audit are wanted; null for any.
 *
 * @param actor the whole name
 * @param object how it begins, for example {@code /clusters/c-1}
 */
public record AuditFilter(@Nullable String actor, @Nullable String object) {
  public static final AuditFilter ALL = new AuditFilter(null, null);

  public boolean matches(AuditRow row) {
    return (actor == null || actor.equals(row.actor()))
        && (object == null || row.object().startsWith(object));
  }
}
