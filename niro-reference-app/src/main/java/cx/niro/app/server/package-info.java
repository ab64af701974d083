/**
 * The server as a process: settings, data folder, database, TLS and web server, put together by
 * {@link cx.niro.app.server.RunningServer}. What a vendor would want as well lives in the server
 * SDK.
 */
@NullMarked
package cx.niro.app.server;

import org.jspecify.annotations.NullMarked;
