package cx.niro.app.access;

import cx.niro.app.Printed;
import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON and problem documents. */
final class Replies {
  private static final int UNAUTHORIZED = 401;

  private Replies() {}

  static void refuse(NiroException failure, HttpServletResponse response) throws IOException {
    Problem problem = Problem.of(failure.code(), failure.getMessage());
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("type", problem.type());
    body.put("title", problem.title());
    body.put("status", problem.status());
    body.put("code", problem.code());
    body.put("detail", problem.detail());
    body.put("field", failure instanceof WrongFieldException wrong ? wrong.field() : null);
    if (failure instanceof TooManyTriesException early) {
      response.setHeader("Retry-After", Long.toString(early.seconds()));
    }
    if (problem.status() == UNAUTHORIZED) {
      response.setHeader("WWW-Authenticate", "Bearer");
    }
    write(response, problem.status(), Problem.MEDIA_TYPE, body);
  }

  /** For what nobody foresaw; the caller has logged it. */
  static void fail(String errorId, HttpServletResponse response) throws IOException {
    String detail = "the server's log has the cause under " + errorId;
    refuse(new NiroException(ErrorCode.INTERNAL, detail), response);
  }

  static void write(
      HttpServletResponse response, int status, String type, Map<String, @Nullable Object> body)
      throws IOException {
    response.setStatus(status);
    response.setContentType(type);
    response.getOutputStream().write(Printed.compact(body).getBytes(StandardCharsets.UTF_8));
  }
}
