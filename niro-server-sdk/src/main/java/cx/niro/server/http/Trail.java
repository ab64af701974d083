package cx.niro.server.http;

import cx.niro.core.AuditId;
import cx.niro.core.NiroException;
import cx.niro.core.OrganizationId;
import cx.niro.server.Audit;
import cx.niro.server.spi.AccessControl.Caller;
import cx.niro.server.spi.AuditRow;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the audit says of one call: it begins when the call has come as far as the question whether
 * the caller may do it, and ends with the answer. Calls that only read leave none.
 */
final class Trail {
  private static final Logger LOG = LoggerFactory.getLogger(NiroHandler.class);
  private static final String API = "/api/v1";

  private final Audit audit;
  private final Caller caller;
  private final String action;
  private final String object;
  private final @Nullable String address;
  private @Nullable AuditId begun;

  /**
   * @param deed method and template
   */
  Trail(Audit audit, Caller caller, String deed, NiroRequest request) {
    this.audit = audit;
    this.caller = caller;
    this.action = deed.replace(" " + API, " ");
    this.object = Shown.visible(within(request.path()));
    String own = caller.address();
    this.address = own == null ? request.remoteAddress() : own;
  }

  private static String within(String path) {
    return path.startsWith(API) ? path.substring(API.length()) : path;
  }

  void begin(OrganizationId organization) {
    if (begun == null) {
      begun =
          audit.begin(
              new Audit.Deed(
                  organization, caller.name(), caller.roleName(), address, action, object));
    }
  }

  CompletionStage<NiroResponse> follow(Supplier<CompletionStage<NiroResponse>> work) {
    try {
      return work.get().whenComplete(this::end);
    } catch (RuntimeException | Error e) {
      end(null, e);
      throw e;
    }
  }

  private void end(@Nullable NiroResponse response, @Nullable Throwable failure) {
    AuditId id = begun;
    if (id == null) {
      return;
    }
    String made = response == null ? null : response.headers().get("location");
    try {
      audit.end(id, outcome(failure), made == null ? object : within(made));
    } catch (RuntimeException e) {
      LOG.warn("what came of {} {} is not in the audit", action, object, e);
    }
  }

  private static String outcome(@Nullable Throwable failure) {
    if (failure == null) {
      return AuditRow.DONE;
    }
    return Failures.unwrap(failure) instanceof NiroException refusal
        ? refusal.code().wireName()
        : "internal";
  }
}
