package cx.niro.server.http;

import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * A request as any web stack can describe it.
 *
 * @param path decoded once, without query, beginning with {@code /}
 * @param query decoded parameters, in order
 * @param headers by lower-case name
 * @param body read at most once, on the executor that the handler was given; may block
 */
public record NiroRequest(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    InputStream body) {}
