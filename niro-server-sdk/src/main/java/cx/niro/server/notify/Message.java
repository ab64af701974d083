package cx.niro.server.notify;

import java.util.Map;

/**
 * A request to a target.
 *
 * @param body JSON
 */
record Message(String url, Map<String, String> headers, String body) {}
