package cx.niro.server.http;

import cx.niro.core.AuditId;
import cx.niro.core.NiroException;
import cx.niro.core.OrganizationId;
import cx.niro.server.Audit;
import cx.niro.server.spi.AccessControl.Caller;
import cx.niro.server.spi.AuditRow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the audit says of one call: it begins when the call has come as far as the question whether
 * the caller may do it, one for each organization that it is about, and ends with the answer. Calls
 * that only read leave none.
 */
final class Trail {
  private static final Logger LOG = LoggerFactory.getLogger(NiroHandler.class);
  private static final String API = "/api/v1";

  private final Audit audit;
  private final Caller caller;
  private final String action;
  private final String object;
  private final @Nullable String address;
  private final Map<OrganizationId, AuditId> begun = new LinkedHashMap<>();

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
    begun.computeIfAbsent(
        organization,
        its ->
            audit.begin(
                new Audit.Deed(its, caller.name(), caller.roleName(), address, action, object)));
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
    String made = response == null ? null : response.headers().get("location");
    String of = made == null ? object : within(made);
    try {
      begun.values().forEach(id -> audit.end(id, outcome(failure), of));
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
