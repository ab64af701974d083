package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.Problem;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Turns whatever went wrong into a problem document, in this one place, and logs it once. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(NiroHandler.class);

  private final NiroCodec codec;
  private final Supplier<String> newErrorId;

  Failures(NiroCodec codec, Supplier<String> newErrorId) {
    this.codec = codec;
    this.newErrorId = newErrorId;
  }

  NiroResponse answer(NiroRequest request, Throwable thrown) {
    Throwable cause = unwrap(thrown);
    if (cause instanceof NiroException expected && expected.code() != ErrorCode.INTERNAL) {
      return expected(request, expected);
    }
    if (cause instanceof RejectedExecutionException) {
      return answer(ErrorCode.OVERLOADED, "the server takes no more work at the moment", null);
    }
    return unexpected(request, cause);
  }

  private NiroResponse expected(NiroRequest request, NiroException refusal) {
    ErrorCode code = refusal.code();
    String detail = Shown.visible(String.valueOf(refusal.getMessage()));
    LOG.atLevel(Level.valueOf(code.logLevel().name()))
        .log(
            "{} {} refused with {}: {}",
            request.method(),
            Shown.visible(request.path()),
            code.wireName(),
            detail);
    NiroResponse response = answer(code, detail, fieldOf(refusal));
    return refusal instanceof Router.MethodNotAllowedException other
        ? Answers.with(response, "allow", other.allow())
        : response;
  }

  private NiroResponse unexpected(NiroRequest request, Throwable cause) {
    String id = newErrorId.get();
    LOG.error(
        "{} {} failed; the caller was told error {}", request.method(), request.path(), id, cause);
    return answer(ErrorCode.INTERNAL, "the server's log has the cause under " + id, null);
  }

  private NiroResponse answer(ErrorCode code, @Nullable String detail, @Nullable String field) {
    Problem problem =
        new Problem("about:blank", code.title(), code.httpStatus(), code.wireName(), detail, field);
    NiroResponse response = Answers.problem(codec, problem);
    int retryAfter = Answers.retryAfterSeconds(code);
    if (retryAfter > 0) {
      response = Answers.with(response, "retry-after", Integer.toString(retryAfter));
    }
    return code.httpStatus() == 401
        ? Answers.with(response, "www-authenticate", "Bearer")
        : response;
  }

  private static @Nullable String fieldOf(NiroException refusal) {
    if (refusal instanceof FieldException named) {
      return named.field();
    }
    if (refusal instanceof DecodingException decoding && decoding.path().startsWith("$.")) {
      return decoding.path().substring(2);
    }
    return null;
  }

  static Throwable unwrap(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
