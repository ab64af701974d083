package cx.niro.app.access;

import cx.niro.core.AuditId;
import cx.niro.core.NiroException;
import cx.niro.server.Audit;
import cx.niro.server.spi.AuditRow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the audit is told of tokens, users and logins. */
final class Deeds {
  private static final Logger log = LoggerFactory.getLogger(Deeds.class);

  private volatile @Nullable Audit audit;

  /** From now on; nobody is told before. */
  void tell(Audit told) {
    audit = told;
  }

  /**
   * Does it with an entry before and its outcome after.
   *
   * @param object of the answer what it was about; null for as it began
   */
  <T> T follow(AppCaller who, String action, String about, Supplier<T> work, Objects<T> object) {
    @Nullable Audit told = audit;
    if (told == null) {
      return work.get();
    }
    AuditId id = told.begin(deed(who, action, about));
    String outcome = "internal";
    String of = about;
    try {
      T answer = work.get();
      outcome = AuditRow.DONE;
      @Nullable String made = object.of(answer);
      of = made == null ? about : made;
      return answer;
    } catch (NiroException e) {
      outcome = e.code().wireName();
      throw e;
    } finally {
      end(told, id, outcome, of);
    }
  }

  /** Reads off an answer what was made; null for nothing. */
  interface Objects<T> {
    @Nullable String of(T answer);
  }

  /** What was done already, such as a login. */
  void happened(AppCaller who, String action, String about) {
    follow(who, action, about, () -> about, answer -> answer);
  }

  private static Audit.Deed deed(AppCaller who, String action, String about) {
    return new Audit.Deed(
        AppCaller.ORGANIZATION, who.name(), who.roleName(), who.address(), action, about);
  }

  private static void end(Audit told, AuditId id, String outcome, String object) {
    try {
      told.end(id, outcome, object);
    } catch (RuntimeException e) {
      log.warn("what came of {} is not in the audit", object, e);
    }
  }
}
