package cx.niro.app.server;

import cx.niro.app.Printed;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what never reached a servlet, such as a path that cannot be, with a problem document, and
 * shows nothing of the inside.
 */
final class PlainErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", HttpStatus.getMessage(status));
    problem.put("status", status);
    problem.put("code", code(status));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
    Content.Sink.write(response, true, Printed.compact(problem) + "\n", callback);
    return true;
  }

  private static String code(int status) {
    if (status == HttpStatus.NOT_FOUND_404) {
      return "not_found";
    }
    return status < HttpStatus.INTERNAL_SERVER_ERROR_500 ? "malformed_request" : "internal";
  }
}
