package cx.niro.server.internal;

import cx.niro.core.AuditId;
import cx.niro.core.OrganizationId;
import cx.niro.server.Audit;
import cx.niro.server.spi.AuditFilter;
import cx.niro.server.spi.AuditRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.Stores;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who did what, in the stores. */
final class AuditDesk implements Audit {
  private static final int ACTOR_CHARS = 300;
  private static final int OBJECT_CHARS = 1000;
  private static final int ACTION_CHARS = 200;
  private static final int WORD_CHARS = 64;

  private final Stores stores;
  private final Platform platform;

  AuditDesk(Stores stores, Platform platform) {
    this.stores = stores;
    this.platform = platform;
  }

  @Override
  public AuditId begin(Deed deed) {
    @Nullable String address = deed.address();
    AuditRow row =
        new AuditRow(
            new AuditId(platform.newId()),
            deed.organization(),
            platform.now().truncatedTo(ChronoUnit.MILLIS),
            cut(deed.actor(), ACTOR_CHARS),
            cut(deed.role(), WORD_CHARS),
            address == null ? null : cut(address, WORD_CHARS),
            cut(deed.action(), ACTION_CHARS),
            cut(deed.object(), OBJECT_CHARS),
            null);
    return stores.inTransaction(
        tx -> {
          tx.audit().append(row);
          return row.id();
        });
  }

  @Override
  public void end(AuditId id, String outcome, String object) {
    stores.inTransaction(
        tx -> {
          tx.audit().end(id, cut(outcome, WORD_CHARS), cut(object, OBJECT_CHARS));
          return true;
        });
  }

  @Override
  public Page<AuditRow> list(
      Set<OrganizationId> organizations, AuditFilter filter, Page.Request page) {
    return stores.inTransaction(tx -> tx.audit().list(organizations, filter, page));
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }
}
